import type { RopeDescription } from './modelDescription.ts';

/**
 * The angle by which each rotary pair turns for one position, `[ropeDims / 2]`:
 * `scale * base^(-2i / ropeDims) / factors[i]` (arXiv 2104.09864, section 3.2.2). Under YaRN, pairs that turn
 * often over the original context keep their own angle, by a ramp between two pair numbers (arXiv
 * 2309.00071, section 3.2).
 * @param factors the numbers of the tensor `rope.factors`; null where the file has none
 */
export function ropeFrequencies(
  rope: RopeDescription,
  ropeDims: number,
  factors: ArrayLike<number> | null,
): Float64Array {
  const ramp = rope.yarn ? interpolatedShare(rope, ropeDims) : () => 1;
  return Float64Array.from({ length: ropeDims / 2 }, (_, pair) => {
    const own = rope.base ** ((-2 * pair) / ropeDims) / (factors?.[pair] ?? 1);
    const share = ramp(pair);
    return own * (rope.scale * share + 1 - share);
  });
}

/** How far a pair is interpolated: 0 for pairs that turn often, 1 for those that turn seldom. */
function interpolatedShare({ base, yarn }: RopeDescription, ropeDims: number): (pair: number) => number {
  const { originalContextTokens, betaFast, betaSlow } = yarn!;
  /** The pair that makes so many turns over the original context. */
  const pairOf = (turns: number): number =>
    (ropeDims * Math.log(originalContextTokens / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(0, Math.floor(pairOf(betaFast)));
  const high = Math.min(ropeDims - 1, Math.ceil(pairOf(betaSlow)));
  return (pair) => Math.min(1, Math.max(0, (pair - low) / Math.max(0.001, high - low)));
}
