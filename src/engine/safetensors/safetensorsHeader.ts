import { z } from 'zod';
import type { NamedTensor } from '../cache/namedTensor.ts';

/** Bytes in front of the header: its length, a little-endian 64-bit number. */
export const LENGTH_BYTES = 8;

/** A header of a thousand tensors takes 100 kB. The format's own limit is 100 MB. */
const MAX_HEADER_BYTES = 2 ** 22;

const headerSchema = z.looseObject({ __metadata__: z.record(z.string(), z.string()) });

/**
 * What a safetensors file begins with: the length of the header, then JSON that tells type, shape
 * and place of each tensor. The tensors' bytes follow in the same order, without gaps, in the
 * byte order of the processors this runs on, which is the format's own: little-endian.
 * Spaces fill up to a multiple of 8, so that the data lies aligned.
 *
 * Format: github.com/huggingface/safetensors, section "Format" of its README.
 */
export function encodeHeader(
  metadata: Readonly<Record<string, string>>,
  tensors: readonly NamedTensor[],
): Uint8Array<ArrayBuffer> {
  let at = 0;
  const entries = tensors.map(({ name, shape, data }) => {
    const start = at;
    at += data.byteLength;
    return [name, { dtype: typeName(data), shape, data_offsets: [start, at] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const padded = Buffer.from(text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8)));
  const bytes = new Uint8Array(LENGTH_BYTES + padded.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true);
  bytes.set(padded, LENGTH_BYTES);
  return bytes;
}

/**
 * The length of the whole header of a file that begins with `bytes`, its length included; null
 * when no such file begins so.
 */
export function headerBytes(bytes: Uint8Array): number | null {
  if (bytes.length < LENGTH_BYTES) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(MAX_HEADER_BYTES) ? LENGTH_BYTES + Number(length) : null;
}

/** The metadata in a whole header; null when it is no header. */
export function readMetadata(header: Uint8Array): Readonly<Record<string, string>> | null {
  try {
    return headerSchema.parse(JSON.parse(Buffer.from(header.subarray(LENGTH_BYTES)).toString('utf8'))).__metadata__;
  } catch {
    return null;
  }
}

function typeName(data: NamedTensor['data']): string {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Uint8Array) return 'U8';
  return data instanceof Int8Array ? 'I8' : 'I32';
}
