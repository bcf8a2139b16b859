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

/**
 * The inputs that all parts of the decoder take alike for a chunk of `count` tokens.
 * @param pages how many pages of distant tokens to read, and how many tokens one has; null under a plan that selects none
 */
export function chunkInputs(
  model: ModelDescription,
  cache: SequenceCache,
  rope: { readonly cos: Float32Array; readonly sin: Float32Array },
  mask: HostTensor,
  count: number,
  pages: { readonly count: number; readonly tokens: number } | null,
): Record<string, HostTensor> {
  const groupSize = model.heads / model.kvHeads;
  // A store without tokens feeds one empty row.
  const nearRows = Math.max(1, cache.nearTokens);
  const distantTokens = pages ? pages.count * pages.tokens : Math.max(1, cache.distantTokens);
  const ropeShape = [count, model.ropeDims / 2];
  return {
    cos: floats(rope.cos, ropeShape),
    sin: floats(rope.sin, ropeShape),
    mask,
    nearLengths: integers([nearRows, count]),
    partLengths: integers([nearRows, count, distantTokens]),
    nearColumns: integers([nearRows + count]),
    nearBias: floats(Float32Array.of(cache.nearTokens === 0 ? NEVER : 0), [1]),
    lastRows: integers(Array.from({ length: groupSize }, (_, head) => head * count + count - 1)),
    distantBias: floats(Float32Array.of(cache.distantTokens === 0 ? NEVER : 0), [1]),
    ...(pages && { pageCount: integers([pages.count]) }),
  };
}
