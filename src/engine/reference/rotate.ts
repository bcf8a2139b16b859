import type { GgufFile } from '../gguf/index.ts';
import { type ModelDescription, tensorNames } from '../model/index.ts';
import { readWeights } from './readWeights.ts';
import type { HeadRows } from './rows.ts';

/**
 * Rotary positions (arXiv 2104.09864, equation 34): pair `i` of every head of the token at `position`
 * turns by `position * ropeScale * ropeBase^(-2i / ropeDims) / factor[i]`.
 *
 * A pair is `(2i, 2i + 1)` or `(i, i + ropeDims / 2)`, as the model says; dimensions from `ropeDims` on
 * stay as they are.
 * @param heads `[tokens][heads][headDim]` for positions from 0
 */
export function rotate(gguf: GgufFile, model: ModelDescription, heads: HeadRows): HeadRows {
  const pairs = model.ropeDims / 2;
  const factors = model.ropeFactors ? readWeights(gguf, tensorNames.ropeFactors) : new Float64Array(pairs).fill(1);
  return heads.map((token, position) =>
    token.map((head) => {
      const turned = head.slice();
      for (let pair = 0; pair < pairs; pair++) {
        const frequency = model.ropeBase ** ((-2 * pair) / model.ropeDims) / factors[pair]!;
        const angle = position * model.ropeScale * frequency;
        const [first, second] = model.ropeInterleaved ? [2 * pair, 2 * pair + 1] : [pair, pair + pairs];
        turned[first] = head[first]! * Math.cos(angle) - head[second]! * Math.sin(angle);
        turned[second] = head[first]! * Math.sin(angle) + head[second]! * Math.cos(angle);
      }
      return turned;
    }),
  );
}
