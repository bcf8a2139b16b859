import type { LogitSample, SampledQuery } from './logitSample.ts';

/**
 * Attention of one head over the distant rows of one query, after the one softmax over near
 * and distant keys (the gate of arXiv 2412.02252 is this merge by log-sum-exp).
 * @param logits `[rows]`, of the query alone
 * @param rowWeights `[all rows]` of the sample
 * @param out `[rows]`: filled with the attention of all keys each row stands for
 * @returns the attention that is left to near keys; with `out` it adds up to 1
 */
export function mergeAttention(
  logits: Float64Array,
  nearLogSumExp: number,
  rowWeights: Float32Array,
  query: SampledQuery,
  out: Float64Array,
): number {
  let peak = nearLogSumExp;
  for (let row = 0; row < query.rows; row += 1) peak = Math.max(peak, logits[row]!);
  const near = Math.exp(nearLogSumExp - peak);
  let total = near;
  for (let row = 0; row < query.rows; row += 1) {
    const mass = rowWeights[query.firstRow + row]! * Math.exp(logits[row]! - peak);
    out[row] = mass;
    total += mass;
  }
  for (let row = 0; row < query.rows; row += 1) out[row]! /= total;
  return near / total;
}

/** The head's own logits of one query, gathered into `out` `[rows]`. */
export function ownLogits(
  sample: LogitSample,
  query: SampledQuery,
  layer: number,
  head: number,
  out: Float64Array,
): void {
  const { heads } = sample.shape;
  const logits = sample.logits[layer]!;
  for (let row = 0; row < query.rows; row += 1) out[row] = logits[(query.firstRow + row) * heads + head]!;
}

/**
 * What the head would see under sharing: a mix of its leader's logits, into `out` `[rows]`.
 * @param mix `[heads + 1]`: weights over the leader's query heads, then a bias
 */
export function mixedLogits(
  sample: LogitSample,
  query: SampledQuery,
  leader: number,
  mix: ArrayLike<number>,
  out: Float64Array,
): void {
  const { heads } = sample.shape;
  const logits = sample.logits[leader]!;
  for (let row = 0; row < query.rows; row += 1) {
    const at = (query.firstRow + row) * heads;
    let sum = mix[heads]!;
    for (let head = 0; head < heads; head += 1) sum += mix[head]! * logits[at + head]!;
    out[row] = sum;
  }
}
