import type { WeightSource } from '../gguf/index.ts';
import { type ModelDescription, type RopeDescription, ropeFrequencies } from '../model/index.ts';
import { readWeights } from './readWeights.ts';
import type { HeadRows } from './rows.ts';

/**
 * Rotary positions (arXiv 2104.09864, equation 34): pair `i` of every head of the token at `position`
 * turns by `position * ropeFrequencies[i]`, and grows by the magnitude.
 *
 * A pair is `(2i, 2i + 1)` or `(i, i + ropeDims / 2)`, as the model says; dimensions from `ropeDims` on
 * stay as they are.
 * @param rope the angles of the layer's kind
 * @param heads `[tokens][heads][headDim]` for positions from 0
 */
export function rotate(
  weights: WeightSource,
  model: ModelDescription,
  rope: RopeDescription,
  heads: HeadRows,
): HeadRows {
  const pairs = model.ropeDims / 2;
  const frequencies = ropeFrequencies(rope, model.ropeDims, rope.factors ? readWeights(weights, rope.factors) : null);
  return heads.map((token, position) =>
    token.map((head) => {
      const turned = head.slice();
      for (let pair = 0; pair < pairs; pair++) {
        const angle = position * frequencies[pair]!;
        const cos = rope.magnitude * Math.cos(angle);
        const sin = rope.magnitude * Math.sin(angle);
        const [first, second] = model.ropeInterleaved ? [2 * pair, 2 * pair + 1] : [pair, pair + pairs];
        turned[first] = head[first]! * cos - head[second]! * sin;
        turned[second] = head[first]! * sin + head[second]! * cos;
      }
      return turned;
    }),
  );
}
