import type { GgufFile } from '../gguf/index.ts';
import { type ModelDescription, tensorNames } from '../model/index.ts';
import { readFloats } from './linear.ts';

/** Makes the rows of cosines and sines that `rope` turns by. */
export interface RopeTable {
  /** @returns `[count, ropeDims / 2]` each, for positions `start` to `start + count - 1` */
  rows(start: number, count: number): { cos: Float32Array; sin: Float32Array };
}

/** Pair `i` turns by `position * ropeScale * ropeBase^(-2i / ropeDims) / factor[i]` (arXiv 2104.09864, section 3.2.2). */
export function ropeTable(gguf: GgufFile, model: ModelDescription): RopeTable {
  const half = model.ropeDims / 2;
  const factors = model.ropeFactors ? readFloats(gguf, tensorNames.ropeFactors) : null;
  const frequencies = Float64Array.from(
    { length: half },
    (_, pair) => (model.ropeScale * model.ropeBase ** ((-2 * pair) / model.ropeDims)) / (factors?.[pair] ?? 1),
  );
  return {
    rows(start, count) {
      const cos = new Float32Array(count * half);
      const sin = new Float32Array(count * half);
      for (let row = 0; row < count; row++) {
        for (let pair = 0; pair < half; pair++) {
          const angle = (start + row) * frequencies[pair]!;
          cos[row * half + pair] = Math.cos(angle);
          sin[row * half + pair] = Math.sin(angle);
        }
      }
      return { cos, sin };
    },
  };
}
