import type { SequenceCache } from '../cache/sequenceCache.ts';
import type { ModelDescription } from '../model/index.ts';
import { floats, integers } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';

/** Low enough to vanish in a softmax, and far from the end of float32. */
export const NEVER = -1e30;

/**
 * Hides later tokens of a chunk from earlier ones.
 * @returns `[g * s, s]`, the same square for each of the `g` query heads of a KV head
 */
export function causalMask(model: ModelDescription, count: number): HostTensor {
  const groupSize = model.heads / model.kvHeads;
  const mask = new Float32Array(groupSize * count * count);
  for (let row = 0; row < groupSize * count; row++) {
    mask.fill(NEVER, row * count + (row % count) + 1, (row + 1) * count);
  }
  return floats(mask, [groupSize * count, count]);
}

/** What is to be computed. */
export interface Chunk {
  readonly mask: HostTensor;
  /** Tokens. */
  readonly count: number;
  /** How many pages of distant tokens to read, and how many tokens one has; null under a plan that selects none. */
  readonly pages: { readonly count: number; readonly tokens: number } | null;
  /** Whether the plan packs near rows. */
  readonly packsNear: boolean;
}

/** The inputs that all parts of the decoder take alike for a chunk. */
export function chunkInputs(
  model: ModelDescription,
  cache: SequenceCache,
  rope: { readonly cos: Float32Array; readonly sin: Float32Array },
  { mask, count, pages, packsNear }: Chunk,
): Record<string, HostTensor> {
  const groupSize = model.heads / model.kvHeads;
  // A store without tokens feeds one empty row.
  const nearRows = Math.max(1, cache.floatNearTokens);
  const packedRows = packsNear ? [Math.max(1, cache.packedTokens)] : [];
  const nearLengths = [...packedRows, nearRows, count];
  const distantTokens = pages ? pages.count * pages.tokens : Math.max(1, cache.distantTokens);
  const ropeShape = [count, model.ropeDims / 2];
  return {
    cos: floats(rope.cos, ropeShape),
    sin: floats(rope.sin, ropeShape),
    mask,
    nearLengths: integers(nearLengths),
    partLengths: integers([...nearLengths, distantTokens]),
    nearColumns: integers([nearLengths.reduce((sum, rows) => sum + rows, 0)]),
    nearBias: hiding(cache.floatNearTokens === 0),
    ...(packsNear && {
      floatLengths: integers([nearRows, count]),
      packedBias: hiding(cache.packedTokens === 0),
    }),
    lastRows: integers(Array.from({ length: groupSize }, (_, head) => head * count + count - 1)),
    distantBias: hiding(cache.distantTokens === 0),
    ...(pages && { pageCount: integers([pages.count]) }),
  };
}

/** What is added to the logits of a store, `[1]`: hides the one row of a store without tokens. */
const hiding = (isEmpty: boolean): HostTensor => floats(Float32Array.of(isEmpty ? NEVER : 0), [1]);
