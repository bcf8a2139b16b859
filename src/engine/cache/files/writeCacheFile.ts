import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NamedTensor } from '../namedTensor.ts';
import { type CacheFileCard, encodeCard } from './cacheFileHeader.ts';

/** Bytes between two turns of the event loop: hashing them takes 1 ms. */
const SLICE_BYTES = 2 ** 20;

/**
 * Writes a cache file beside its place and renames it there when it is flushed, so that under its name
 * there is a whole file or none, whenever the process or the machine stops. The decoder may go on
 * meanwhile; what the tensors show must stay as it is.
 *
 * @returns its size in bytes
 * @throws what the file system throws; the place is then as it was
 */
export async function writeCacheFile(
  path: string,
  card: Omit<CacheFileCard, 'checksum'>,
  tensors: readonly NamedTensor[],
): Promise<number> {
  const temporary = temporaryPath(path);
  const file = await open(temporary, 'wx');
  try {
    const bytes = await writeAll(file, card, tensors);
    await file.sync();
    await file.close();
    await rename(temporary, path);
    await flushFolder(dirname(path));
    return bytes;
  } catch (thrown) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** The name of an unfinished file tells which process writes it: see `unfinishedBy`. */
function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${randomUUID().slice(0, 8)}.part`;
}

/** The process that writes, or wrote, an unfinished file of this name; null for other names. */
export function unfinishedBy(name: string): number | null {
  const pid = /\.(\d+)-[\da-f]{8}\.part$/.exec(name)?.[1];
  return pid === undefined ? null : Number(pid);
}

async function writeAll(
  file: FileHandle,
  card: Omit<CacheFileCard, 'checksum'>,
  tensors: readonly NamedTensor[],
): Promise<number> {
  const { header, checksumAt } = encodeCard(card, tensors);
  const hash = createHash('sha256').update(header);
  await file.writeFile(header);
  let bytes = header.length;
  for (const slice of slicesOf(tensors)) {
    hash.update(slice);
    await file.writeFile(slice);
    bytes += slice.length;
  }
  await file.write(hash.digest('hex'), checksumAt);
  return bytes;
}

/** The bytes of all tensors in order, in pieces. */
export function* slicesOf(tensors: readonly NamedTensor[]): Generator<Uint8Array> {
  for (const { data } of tensors) {
    for (let at = 0; at < data.byteLength; at += SLICE_BYTES) {
      yield new Uint8Array(data.buffer, data.byteOffset + at, Math.min(SLICE_BYTES, data.byteLength - at));
    }
  }
}

/** Makes the renaming last through a loss of power. Windows cannot open a folder and needs no such thing. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
