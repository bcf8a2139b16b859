import type { ModelDescription } from '../../model/index.ts';
import type { Edge, GraphBuilder } from '../graphBuilder.ts';
import type { ElementType } from '../onnxSchema.ts';
import type { PackedMatrix } from '../weights/packMatrix.ts';
import type { PackedRows, PagesOfRows } from './storedRows.ts';

/**
 * The parts of a graph that a device computes with operators of its own: one runtime operator does a
 * step in a single pass on the processor and is missing on a graphics processor. Everything else in
 * a graph is the same everywhere.
 *
 * Each function adds its nodes under the place `at` and returns the edge of its result.
 */
export interface OperatorSet {
  /** Whether a graph can leave out what is not wanted: see `onlyIf`. */
  readonly chooses: boolean;

  /**
   * Products with a packed matrix, without what is left to add (`residues`).
   * @param input `[s, columns]`
   * @param bias `[rows]`, or null
   * @returns `[s, rows]`
   */
  packedProduct(graph: GraphBuilder, input: Edge, matrix: PackedMatrix, bias: Edge | null, at: string): Edge;

  /**
   * Products of queries and keys, times the model's scale.
   * @param queries `[kvHeads, g * s, headDim]`
   * @param keys `[n, kvHeads, headDim]`
   * @returns `[kvHeads, g * s, n]`
   */
  queryKeyProduct(
    graph: GraphBuilder,
    model: Pick<ModelDescription, 'queryScale'>,
    queries: Edge,
    keys: Edge,
    at: string,
  ): Edge;

  /**
   * Sums of values under attention weights.
   * @param weights `[kvHeads, g * s, n]`
   * @param values `[n, kvHeads, headDim]`
   * @returns `[kvHeads, g * s, headDim]`
   */
  weightedValues(graph: GraphBuilder, weights: Edge, values: Edge, at: string): Edge;

  /**
   * Logits of follower heads as a mix of their leader's: each is a weighted sum over all query heads.
   * @param mix `[kvHeads * g, heads]`: the weights, for `kvHeads` of the layer's KV heads
   * @param leaderLogits `[model.kvHeads, g * s, n]`
   * @returns `[kvHeads, g * s, n]`
   */
  mixHeads(
    graph: GraphBuilder,
    model: Pick<ModelDescription, 'heads'>,
    kvHeads: number,
    mix: Edge,
    leaderLogits: Edge,
    at: string,
  ): Edge;

  /**
   * Numbers of the packed rows of some pages.
   * @returns `[rows read, headDim]` float32
   */
  unpackPages(graph: GraphBuilder, rows: PackedRows, headDim: number, pages: PagesOfRows, at: string): Edge;

  /**
   * The largest logit that a query finds in each page of keys, by products of bytes: queries are rounded for
   * it, which is enough to tell pages apart.
   * @param queries one for each query head, `[rows.kvHeads, g, headDim]`
   * @returns `[pages, rows.kvHeads, g]`; null where the device, or the packing, does not allow it
   */
  pageMaxima(graph: GraphBuilder, model: ModelDescription, queries: Edge, rows: PackedRows, at: string): Edge | null;

  /**
   * Page numbers as float32, which is exact up to 2^24, one list after the other.
   * @param pages `[k]` int64 each
   * @param mostPages more than any of the numbers
   * @returns `[lists * k]` float32
   */
  pageNumbers(graph: GraphBuilder, pages: readonly Edge[], mostPages: number, at: string): Edge;

  /**
   * Results that are wanted only sometimes.
   * @param whether `[1]` bool
   * @param types of the results
   */
  onlyIf(
    graph: GraphBuilder,
    whether: Edge,
    types: readonly ElementType[],
    parts: { readonly then: () => readonly Edge[]; readonly otherwise: () => readonly Edge[] },
    at: string,
  ): readonly Edge[];

  /** Sum of several tensors, element by element, with broadcasting. */
  sum(graph: GraphBuilder, terms: readonly Edge[], at: string): Edge;
}
