import type { ModelDescription } from '../model/index.ts';
import type { Device } from '../runtime/ort.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import type { ElementType } from './onnxSchema.ts';
import { cpuOperators } from './operators/cpuOperators.ts';
import type { OperatorSet } from './operators/operatorSet.ts';
import type { PackedRows, PagesOfRows } from './operators/storedRows.ts';
import { webgpuOperators } from './operators/webgpuOperators.ts';

/** What each device computes the steps below with: the only place where graphs of two devices part. */
const operatorSets: Readonly<Record<Device, OperatorSet>> = { cpu: cpuOperators, webgpu: webgpuOperators };

/**
 * Scaled products of queries and keys. Keys lie token by token.
 * @param queries `[kvHeads, g * s, headDim]`
 * @param keys `[n, kvHeads, headDim]`
 * @returns `[kvHeads, g * s, n]`
 */
export function queryKeyProduct(
  graph: GraphBuilder,
  model: Pick<ModelDescription, 'queryScale'>,
  queries: Edge,
  keys: Edge,
  at: string,
): Edge {
  return operatorSets[graph.device].queryKeyProduct(graph, model, queries, keys, at);
}

/**
 * Sums of values under attention weights.
 * @param weights `[kvHeads, g * s, n]`
 * @param values `[n, kvHeads, headDim]`
 * @returns `[kvHeads, g * s, headDim]`
 */
export function weightedValues(graph: GraphBuilder, weights: Edge, values: Edge, at: string): Edge {
  return operatorSets[graph.device].weightedValues(graph, weights, values, at);
}

/**
 * Attention weights of each group of query heads, averaged over all heads of the model.
 * @param shares what each head's row counts, `[groups, g, 1]`
 * @param weights `[groups, g, n]`
 * @returns `[groups, 1, n]`
 */
export function groupMean(graph: GraphBuilder, model: ModelDescription, shares: Edge, weights: Edge, at: string): Edge {
  return operatorSets[graph.device].groupMean(graph, model, shares, weights, at);
}

/**
 * Logits of follower heads as a mix of their leader's.
 * @param mix `[kvHeads * g, heads]`
 * @param leaderLogits `[model.kvHeads, g * s, n]`
 * @returns `[kvHeads, g * s, n]`
 */
export function mixHeads(
  graph: GraphBuilder,
  model: ModelDescription,
  kvHeads: number,
  mix: Edge,
  leaderLogits: Edge,
  at: string,
): Edge {
  return operatorSets[graph.device].mixHeads(graph, model, kvHeads, mix, leaderLogits, at);
}

/**
 * Numbers of the packed rows of some pages.
 * @returns `[rows read, headDim]` float32
 */
export function unpackPages(
  graph: GraphBuilder,
  rows: PackedRows,
  headDim: number,
  pages: PagesOfRows,
  at: string,
): Edge {
  return operatorSets[graph.device].unpackPages(graph, rows, headDim, pages, at);
}

/**
 * The largest logit that a query finds in each page of keys, by products of bytes.
 * @param queries one for each query head, `[rows.kvHeads, g, headDim]`
 * @returns `[pages, rows.kvHeads * g]`; null where the device, or the packing, does not allow it
 */
export function pageMaxima(
  graph: GraphBuilder,
  model: ModelDescription,
  queries: Edge,
  rows: PackedRows,
  at: string,
): Edge | null {
  return operatorSets[graph.device].pageMaxima(graph, model, queries, rows, at);
}

/**
 * Page numbers as float32, which is exact up to 2^24, one list after the other.
 * @param pages `[k]` int64 each
 * @param mostPages more than any of the numbers
 * @returns `[lists * k]`
 */
export function pageNumbers(graph: GraphBuilder, pages: readonly Edge[], mostPages: number, at: string): Edge {
  return operatorSets[graph.device].pageNumbers(graph, pages, mostPages, at);
}

/** Sum of several tensors, element by element, with broadcasting; `at` is its name. */
export function sum(graph: GraphBuilder, terms: readonly Edge[], at: string): Edge {
  return operatorSets[graph.device].sum(graph, terms, at);
}

/**
 * Results that are wanted only sometimes.
 * @param whether `[1]` bool
 * @param types of the results, which both parts give in the same order
 */
export function onlyIf(
  graph: GraphBuilder,
  whether: Edge,
  types: readonly ElementType[],
  parts: { readonly then: () => readonly Edge[]; readonly otherwise: () => readonly Edge[] },
  at: string,
): readonly Edge[] {
  return operatorSets[graph.device].onlyIf(graph, whether, types, parts, at);
}
