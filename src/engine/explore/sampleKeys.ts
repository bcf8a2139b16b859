/** Which distant keys of a query are looked at, and how many keys each stands for. */
export interface SampledKeys {
  /** Ascending. */
  readonly keys: Int32Array;
  readonly weights: Float32Array;
}

/**
 * Takes the keys that matter for certain and some of the others by chance, weighted so that
 * sums over all keys stay right on average. The logits of thousands of keys nobody looks at
 * would only cost time.
 * @param scores `[keys]`: the most attention any head gives the key
 * @param random uniform numbers in [0, 1)
 */
export function sampleKeys(
  scores: Float32Array,
  topKeys: number,
  randomKeys: number,
  random: () => number,
): SampledKeys {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const top = order.slice(0, topKeys);
  const rest = order.slice(topKeys);
  const drawn = Math.min(randomKeys, rest.length);
  for (let i = 0; i < drawn; i += 1) {
    const other = i + Math.floor(random() * (rest.length - i));
    [rest[i], rest[other]] = [rest[other]!, rest[i]!];
  }
  const weightOfDrawn = rest.length / Math.max(1, drawn);
  const picked = [
    ...top.map((key) => ({ key, weight: 1 })),
    ...rest.slice(0, drawn).map((key) => ({ key, weight: weightOfDrawn })),
  ].sort((a, b) => a.key - b.key);
  return {
    keys: Int32Array.from(picked, ({ key }) => key),
    weights: Float32Array.from(picked, ({ weight }) => weight),
  };
}
