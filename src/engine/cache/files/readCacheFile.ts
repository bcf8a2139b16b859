import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { headerBytes, LENGTH_BYTES } from '../../safetensors/index.ts';
import type { NamedTensor } from '../namedTensor.ts';
import { type CacheFileCard, decodeCard, encodeCard } from './cacheFileHeader.ts';
import { slicesOf } from './writeCacheFile.ts';

/** A cache file as a look at its beginning shows it; not yet checked. */
export interface CacheFileStart {
  readonly card: CacheFileCard;
  /** `[tokens]`: what was read. */
  readonly ids: Int32Array;
}

/** The first tensor of every cache file. */
export const idsTensor = (ids: Int32Array): NamedTensor => ({ name: 'tokenIds', shape: [ids.length], data: ids });

/** Reads the header of a cache file and its token ids; null when it is none, or cut short. */
export async function readCacheFileStart(path: string): Promise<CacheFileStart | null> {
  const file = await open(path, 'r');
  try {
    const header = await readHeader(file);
    const card = header && decodeCard(header);
    if (!card) return null;
    const { size } = await file.stat();
    if (header.length + card.tokens * Int32Array.BYTES_PER_ELEMENT > size) return null;
    const ids = new Int32Array(card.tokens);
    return (await fill(file, new Uint8Array(ids.buffer), header.length)) ? { card, ids } : null;
  } finally {
    await file.close();
  }
}

/**
 * Fills tensors from a cache file whose header announces exactly these, and checks every byte of it.
 * Refused, the tensors hold rubbish and must be let go.
 *
 * @returns null, or why the file is refused
 * @throws what the file system throws
 */
export async function readCacheFile(
  path: string,
  card: Omit<CacheFileCard, 'checksum'>,
  tensors: readonly NamedTensor[],
): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const found = await readHeader(file);
    const checksum = found && decodeCard(found)?.checksum;
    if (!checksum) return 'it does not begin as a cache file';
    const { header, checksumAt } = encodeCard(card, tensors);
    found.fill('0'.charCodeAt(0), checksumAt, checksumAt + checksum.length);
    if (Buffer.compare(found, header) !== 0) return 'its header is not that of such a cache';
    const hash = createHash('sha256').update(header);
    let at = header.length;
    for (const slice of slicesOf(tensors)) {
      if (!(await fill(file, slice, at))) return `it ends after ${at} bytes`;
      hash.update(slice);
      at += slice.length;
    }
    if ((await file.stat()).size !== at) return `it goes on after ${at} bytes`;
    return hash.digest('hex') === checksum ? null : 'its checksum does not fit its content';
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle): Promise<Uint8Array | null> {
  const length = new Uint8Array(LENGTH_BYTES);
  if (!(await fill(file, length, 0))) return null;
  const bytes = headerBytes(length);
  if (bytes === null || bytes > (await file.stat()).size) return null;
  const header = new Uint8Array(bytes);
  return (await fill(file, header, 0)) ? header : null;
}

/** Fills `target` from a place in the file. @returns whether the file had so much */
async function fill(file: FileHandle, target: Uint8Array, position: number): Promise<boolean> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await file.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}
