import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachePlan } from '#shared/domain/index.ts';
import { growingBytes } from '../planBytes.ts';
import { rewindPoint } from '../rewindPoint.ts';
import type { CacheKey } from './cacheFileHeader.ts';
import { CACHE_SUFFIX } from './cacheSpace.ts';
import { type CacheFileStart, readCacheFileStart } from './readCacheFile.ts';

interface KnownFile {
  /** Size and time of change: a file that differs is looked at anew. */
  readonly version: string;
  readonly start: CacheFileStart;
}

/** Which texts the files of one folder hold. Only the beginning of each was read, and nothing of it checked. */
export class CacheIndex {
  readonly #folder: string;
  readonly #key: CacheKey;
  readonly #plan: CachePlan;
  readonly #known = new Map<string, KnownFile>();
  /** Versions of files that are of no use and could not be deleted either. */
  readonly #refused = new Map<string, string>();

  constructor(folder: string, key: CacheKey, plan: CachePlan) {
    this.#folder = folder;
    this.#key = key;
    this.#plan = plan;
  }

  /** What lies in the folder now, by path. What is no cache of this key is deleted. */
  async look(): Promise<ReadonlyMap<string, CacheFileStart>> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith(CACHE_SUFFIX));
    const paths = new Set(names.map((name) => join(this.#folder, name)));
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
    for (const path of paths) {
      const found = await stat(path).catch(() => null);
      if (!found) continue;
      const version = `${found.size} ${found.ctimeMs}`;
      if (this.#known.get(path)?.version === version || this.#refused.get(path) === version) continue;
      const start = await readCacheFileStart(path).catch(() => null);
      if (start && this.#isPossible(start, found.size)) this.#known.set(path, { version, start });
      else await this.#refuse(path, version);
    }
    return new Map([...this.#known].map(([path, { start }]) => [path, start]));
  }

  /** Deletes a file, or at least never finds it again as it is. */
  async forget(path: string): Promise<void> {
    const known = this.#known.get(path);
    this.#known.delete(path);
    if (known) await this.#refuse(path, known.version);
  }

  async #refuse(path: string, version: string): Promise<void> {
    await rm(path, { force: true }).catch(() => this.#refused.set(path, version));
  }

  /** Whether a header can be true, as far as it tells: it says how much memory to take. */
  #isPossible({ card }: CacheFileStart, fileBytes: number): boolean {
    const { model, plan, tokens, snapshots } = card;
    if (model !== this.#key.model || plan !== this.#key.plan) return false;
    const aligned = [...snapshots, tokens].every((position) => position % this.#plan.chunkTokens === 0);
    if (!aligned || tokens === 0 || rewindPoint(this.#plan, snapshots, tokens) !== tokens) return false;
    return growingBytes(this.#plan, tokens) <= fileBytes;
  }
}
