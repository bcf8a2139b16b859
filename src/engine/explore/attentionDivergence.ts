import { setImmediate as turn } from 'node:timers/promises';
import type { LogitSample, SampledQuery } from './logitSample.ts';

export interface DivergenceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each query head. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * How unlike two layers look at distant tokens, head by head: the Jensen-Shannon divergence of their
 * attention among distant keys, in bits (0 the same, 1 on different keys), mean over the queries.
 * The measure by which arXiv 2412.02252 groups layers; here it is for looking at, since plans
 * are made by the attention that sharing moves.
 * @returns `[lower layer][higher layer][head]`, null where the second is not above the first
 * @throws an `AbortError` when `signal` is aborted
 */
export async function attentionDivergence(
  sample: LogitSample,
  { signal, onProgress }: DivergenceOptions = {},
): Promise<(number[] | null)[][]> {
  const { layers, heads } = sample.shape;
  const table = Array.from({ length: layers }, (_, lower) =>
    Array.from({ length: layers }, (__, higher): number[] | null => (higher > lower ? [] : null)),
  );
  const queries = sample.queries.filter(({ rows }) => rows > 0);
  for (let head = 0; head < heads; head += 1) {
    const looks = sample.logits.map((logits) => distantLook(sample, queries, logits, head));
    for (let lower = 0; lower < layers; lower += 1) {
      // A turn of the event loop, so that a stop is seen.
      await turn(undefined, { signal });
      for (let higher = lower + 1; higher < layers; higher += 1) {
        let sum = 0;
        for (const query of queries) sum += divergence(sample.rowWeights, query, looks[lower]!, looks[higher]!);
        table[lower]![higher]!.push(queries.length === 0 ? 0 : sum / queries.length);
      }
    }
    onProgress?.(head + 1, heads);
  }
  return table;
}

/** Attention of a single key that each row stands for, `[rows]`: with their weights, those of a query add up to 1. */
function distantLook(
  { rowWeights, shape }: LogitSample,
  queries: readonly SampledQuery[],
  logits: Float32Array,
  head: number,
): Float32Array {
  const look = new Float32Array(rowWeights.length);
  for (const { firstRow, rows } of queries) {
    let peak = -Infinity;
    for (let row = firstRow; row < firstRow + rows; row += 1) peak = Math.max(peak, logits[row * shape.heads + head]!);
    let total = 0;
    for (let row = firstRow; row < firstRow + rows; row += 1) {
      look[row] = Math.exp(logits[row * shape.heads + head]! - peak);
      total += rowWeights[row]! * look[row]!;
    }
    for (let row = firstRow; row < firstRow + rows; row += 1) look[row]! /= total;
  }
  return look;
}

function divergence(rowWeights: Float32Array, query: SampledQuery, a: Float32Array, b: Float32Array): number {
  let bits = 0;
  for (let row = query.firstRow; row < query.firstRow + query.rows; row += 1) {
    const mean = (a[row]! + b[row]!) / 2;
    bits += (rowWeights[row]! * (informed(a[row]!, mean) + informed(b[row]!, mean))) / 2;
  }
  return Math.min(1, Math.max(0, bits));
}

const informed = (share: number, mean: number): number => (share <= 0 ? 0 : share * Math.log2(share / mean));
