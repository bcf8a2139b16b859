import type { WeightSource } from '../gguf/index.ts';
import { type RopeDescription, ropeFrequencies } from '../model/index.ts';
import { readFloats } from './linear.ts';

/** Makes the rows of cosines and sines that `rope` turns by. */
export interface RopeTable {
  /** @returns `[count, ropeDims / 2]` each, for positions `start` to `start + count - 1` */
  rows(start: number, count: number): { cos: Float32Array; sin: Float32Array };
}

/** Makes the rows of one kind of layer: cosines and sines of `position * ropeFrequencies`, times the magnitude. */
export function ropeTable(weights: WeightSource, rope: RopeDescription, ropeDims: number): RopeTable {
  const half = ropeDims / 2;
  const frequencies = ropeFrequencies(rope, ropeDims, rope.factors ? readFloats(weights, rope.factors) : null);
  return {
    rows(start, count) {
      const cos = new Float32Array(count * half);
      const sin = new Float32Array(count * half);
      for (let row = 0; row < count; row++) {
        for (let pair = 0; pair < half; pair++) {
          const angle = (start + row) * frequencies[pair]!;
          cos[row * half + pair] = rope.magnitude * Math.cos(angle);
          sin[row * half + pair] = rope.magnitude * Math.sin(angle);
        }
      }
      return { cos, sin };
    },
  };
}
