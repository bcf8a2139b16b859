import { setImmediate as turn } from 'node:timers/promises';
import type { AttentionShape } from '#shared/domain/index.ts';
import { joinArrays } from './joinArrays.ts';
import type { LogitSample, QueryKind, SampledQuery } from './logitSample.ts';
import { sampleKeys } from './sampleKeys.ts';

/** Post-RoPE queries and keys of one sequence, as a dense pass makes them. */
export interface SequenceTaps {
  /** Of the layers that see the whole text, counted among themselves: sliding layers have no distant keys. */
  readonly shape: AttentionShape;
  /** Factor on products of queries and keys. */
  readonly queryScale: number;
  readonly queries: readonly TappedQuery[];
  /** For each layer `[kvHeads, tokens, headDim]`, of at least every token up to the last query. */
  readonly keys: readonly Float32Array[];
  readonly tokens: number;
}

export interface TappedQuery {
  readonly kind: QueryKind;
  readonly position: number;
  /** Keys from the last sink up to here, exclusive, are distant to this query. */
  readonly distantEnd: number;
  /** For each layer `[heads, headDim]`. */
  readonly query: readonly Float32Array[];
}

export interface SampleOptions {
  readonly sinkTokens: number;
  /** Distant keys of a query that are surely taken: those some head looks at most. @default 256 */
  readonly topKeys?: number;
  /** Distant keys taken at random from all others, which they stand for. @default 256 */
  readonly randomKeys?: number;
  /** Uniform numbers in [0, 1). */
  readonly random: () => number;
}

/**
 * Computes the logits of the tapped queries over a sample of their distant keys, in all layers and heads.
 * Takes a turn of the event loop at each query, and no stop: what was read for a minute is kept in the end.
 */
export async function sampleQueries(taps: SequenceTaps, options: SampleOptions): Promise<LogitSample> {
  const { shape } = taps;
  const queries: SampledQuery[] = [];
  const rowWeights: Float32Array[] = [];
  const logits: Float32Array[][] = Array.from({ length: shape.layers }, () => []);
  const near = Array.from({ length: shape.layers }, () => new Float32Array(taps.queries.length * shape.heads));
  let firstRow = 0;
  for (const [index, tapped] of taps.queries.entries()) {
    await turn();
    const all = taps.keys.map((keys, layer) => queryLogits(taps, tapped.query[layer]!, keys, tapped.position + 1));
    const first = options.sinkTokens;
    const scores = new Float32Array(Math.max(0, tapped.distantEnd - first));
    for (const [layer, layerLogits] of all.entries()) {
      for (let head = 0; head < shape.heads; head += 1) {
        const row = layerLogits.subarray(head * (tapped.position + 1), (head + 1) * (tapped.position + 1));
        const nearSum = logSumExpNear(row, first, tapped.distantEnd);
        near[layer]![index * shape.heads + head] = nearSum;
        raiseScores(scores, row, first, nearSum);
      }
    }
    const picked = sampleKeys(scores, options.topKeys ?? 256, options.randomKeys ?? 256, options.random);
    for (const [layer, layerLogits] of all.entries()) {
      const rows = new Float32Array(picked.keys.length * shape.heads);
      for (const [row, key] of picked.keys.entries()) {
        for (let head = 0; head < shape.heads; head += 1) {
          rows[row * shape.heads + head] = layerLogits[head * (tapped.position + 1) + first + key]!;
        }
      }
      logits[layer]!.push(rows);
    }
    queries.push({ kind: tapped.kind, position: tapped.position, firstRow, rows: picked.keys.length });
    rowWeights.push(picked.weights);
    firstRow += picked.keys.length;
  }
  return {
    shape,
    queries,
    rowWeights: joinArrays(rowWeights),
    logits: logits.map(joinArrays),
    nearLogSumExp: near,
  };
}

/** Scaled logits of one query in one layer, `[heads, count]`, over the first `count` keys. */
function queryLogits(
  { shape, queryScale, tokens }: SequenceTaps,
  query: Float32Array,
  keys: Float32Array,
  count: number,
): Float32Array {
  const { heads, kvHeads, headDim } = shape;
  const out = new Float32Array(heads * count);
  for (let head = 0; head < heads; head += 1) {
    const keyHead = Math.floor((head * kvHeads) / heads);
    for (let token = 0; token < count; token += 1) {
      const at = (keyHead * tokens + token) * headDim;
      let sum = 0;
      for (let i = 0; i < headDim; i += 1) sum += query[head * headDim + i]! * keys[at + i]!;
      out[head * count + token] = sum * queryScale;
    }
  }
  return out;
}

/** Log-sum-exp over everything outside `[first, distantEnd)`. */
function logSumExpNear(row: Float32Array, first: number, distantEnd: number): number {
  let peak = -Infinity;
  for (let i = 0; i < row.length; i += 1) if (i < first || i >= distantEnd) peak = Math.max(peak, row[i]!);
  let sum = 0;
  for (let i = 0; i < row.length; i += 1) if (i < first || i >= distantEnd) sum += Math.exp(row[i]! - peak);
  return peak + Math.log(sum);
}

/** Raises each distant key's score to the attention this head gives it. */
function raiseScores(scores: Float32Array, row: Float32Array, first: number, nearLogSumExp: number): void {
  let peak = nearLogSumExp;
  for (let i = 0; i < scores.length; i += 1) peak = Math.max(peak, row[first + i]!);
  let total = Math.exp(nearLogSumExp - peak);
  for (let i = 0; i < scores.length; i += 1) total += Math.exp(row[first + i]! - peak);
  for (let i = 0; i < scores.length; i += 1) {
    scores[i] = Math.max(scores[i]!, Math.exp(row[first + i]! - peak) / total);
  }
}
