import type { Dirent } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unfinishedBy } from './writeCacheFile.ts';

export const CACHE_SUFFIX = '.safetensors';

/** A process number may be given to another process; no file takes an hour to write. */
const ABANDONED_MS = 3_600_000;

interface CacheFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

/**
 * Deletes the files that were used least recently until the rest takes at most `capBytes`. A file's
 * time of change is when it was last used.
 */
export async function evictOldest(folder: string, capBytes: number): Promise<void> {
  const files = await list(folder, (name) => name.endsWith(CACHE_SUFFIX));
  files.sort((a, b) => a.usedAtMs - b.usedAtMs);
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { path, bytes } of files) {
    if (total <= capBytes) return;
    await rm(path, { force: true }).catch(() => undefined);
    total -= bytes;
  }
}

/** Deletes unfinished files whose writer is gone. */
export async function removeUnfinished(folder: string): Promise<void> {
  const files = await list(folder, (name) => unfinishedBy(name) !== null);
  for (const { path, usedAtMs } of files) {
    const abandoned = Date.now() - usedAtMs > ABANDONED_MS;
    if (abandoned || !isRunning(unfinishedBy(path)!)) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** The files in the folders of `folder` whose name is wanted. */
async function list(folder: string, isWanted: (name: string) => boolean): Promise<CacheFile[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: CacheFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !isWanted(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(() => null);
    if (found) files.push({ path, bytes: found.size, usedAtMs: found.mtimeMs });
  }
  return files;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
