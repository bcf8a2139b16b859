import type { CacheFilesRequest } from '#shared/contract/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { CacheFolder, planDigest } from './cache/files/index.ts';
import { type GgufFile, sampledModelDigest } from './gguf/index.ts';

/**
 * Opens the folder with the caches that this model and plan can go on from. A folder that cannot be
 * used costs a warning: everything works without, only slower after a start.
 */
export async function openCacheFolder(
  request: CacheFilesRequest | null | undefined,
  gguf: GgufFile,
  plan: CachePlan,
  device: string,
): Promise<CacheFolder | null> {
  if (!request) return null;
  const key = { model: await sampledModelDigest(gguf), plan: planDigest(plan, device) };
  try {
    return await CacheFolder.open({ ...request, key, plan });
  } catch (thrown) {
    process.emitWarning(`Caches are not kept, because ${request.folder} cannot be used: ${String(thrown)}`);
    return null;
  }
}
