import type { SequenceCache } from '../cache/sequenceCache.ts';
import type { ModelDescription } from '../model/index.ts';
import { floats, integers } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { NEVER } from './chunkInputs.ts';

/** The inputs of sliding layers for a chunk of `count` tokens; all of them have one window. */
export function slidingInputs(
  model: ModelDescription,
  cache: SequenceCache,
  rope: { readonly cos: Float32Array; readonly sin: Float32Array },
  count: number,
): Record<string, HostTensor> {
  const ropeShape = [count, model.ropeDims / 2];
  const stored = cache.slidingTokens;
  return {
    slidingCos: floats(rope.cos, ropeShape),
    slidingSin: floats(rope.sin, ropeShape),
    slidingMask: slidingMask(model, stored, count),
    slidingLengths: integers([Math.max(1, stored), count]),
  };
}

/**
 * Hides later tokens of a chunk, and what has left a query's window. The stored rows are the tokens just
 * before the chunk; a store without tokens feeds one empty row, which is hidden.
 * @returns `[g * s, max(1, w) + s]`, the same rows for each of the `g` query heads of a KV head
 */
function slidingMask({ heads, kvHeads, sliding }: ModelDescription, stored: number, count: number): HostTensor {
  const groupSize = heads / kvHeads;
  const empty = stored === 0 ? 1 : 0;
  const columns = empty + stored + count;
  const mask = new Float32Array(groupSize * count * columns).fill(NEVER);
  for (let row = 0; row < groupSize * count; row++) {
    const own = empty + stored + (row % count);
    const oldest = Math.max(empty, own - sliding!.windowTokens + 1);
    mask.fill(0, row * columns + oldest, row * columns + own + 1);
  }
  return floats(mask, [groupSize * count, columns]);
}
