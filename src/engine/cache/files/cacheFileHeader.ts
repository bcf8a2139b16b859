import { z } from 'zod';
import { encodeHeader, readMetadata } from '../../safetensors/index.ts';
import type { NamedTensor } from '../namedTensor.ts';

/** Changes when older files can no longer be continued from. */
const FORMAT = 'proxima-cache-1';

/** Stands in for the checksum while it is computed, of the same length: 64 hexadecimal digits. */
const NO_CHECKSUM = '0'.repeat(64);

/** Which caches may be exchanged: those of the same weights under the same plan. */
export interface CacheKey {
  /** Digest of the model file, `sampledModelDigest`. */
  readonly model: string;
  /** Digest of the plan and of the device that computed under it. */
  readonly plan: string;
}

/** What a cache file says of itself. */
export interface CacheFileCard extends CacheKey {
  /** Tokens that were read. */
  readonly tokens: number;
  /** Positions with a snapshot, ascending. */
  readonly snapshots: readonly number[];
  /** SHA-256 of the whole file, with zeros in the place of the checksum. */
  readonly checksum: string;
}

const digits = z.string().regex(/^\d{1,9}$/);
const cardSchema = z.object({
  format: z.literal(FORMAT),
  model: z.string(),
  plan: z.string(),
  tokens: digits.transform(Number),
  snapshots: z.string().transform((text, context) => {
    const positions = text === '' ? [] : text.split(' ').map(Number);
    if (!positions.every((position, i) => Number.isInteger(position) && position > (positions[i - 1] ?? 0))) {
      context.addIssue('No ascending positions.');
    }
    return positions;
  }),
  checksum: z.string().regex(/^[\da-f]{64}$/),
});

/** The header of a cache file with zeros for its checksum, and where the checksum goes. */
export function encodeCard(
  card: Omit<CacheFileCard, 'checksum'>,
  tensors: readonly NamedTensor[],
): { readonly header: Uint8Array<ArrayBuffer>; readonly checksumAt: number } {
  const { model, plan, tokens, snapshots } = card;
  const metadata = {
    checksum: NO_CHECKSUM,
    format: FORMAT,
    model,
    plan,
    tokens: String(tokens),
    snapshots: snapshots.join(' '),
  };
  const header = encodeHeader(metadata, tensors);
  return { header, checksumAt: Buffer.from(header.buffer).indexOf(NO_CHECKSUM) };
}

/** Reads what a header says; null for a header of something else. */
export function decodeCard(header: Uint8Array): CacheFileCard | null {
  return cardSchema.safeParse(readMetadata(header)).data ?? null;
}
