import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';

/**
 * Scaled products of queries and keys.
 *
 * Keys lie token by token, `[n, kvHeads, headDim]`; `transBatchB` reads them head by head without a
 * copy, and `alpha` scales in the same pass.
 * @param queries `[kvHeads, g * s, headDim]`
 * @returns `[kvHeads, g * s, n]`
 */
export function queryKeyProduct(
  graph: GraphBuilder,
  model: ModelDescription,
  queries: Edge,
  keys: Edge,
  at: string,
): Edge {
  return graph.node('FusedMatMul', [queries, keys], {
    name: `${at}/QK`,
    domain: 'com.microsoft',
    attributes: { transB: 1, transBatchB: 1, alpha: { float: model.queryScale } },
  });
}

/**
 * Sums of values under attention weights.
 * @param weights `[kvHeads, g * s, n]`
 * @param values `[n, kvHeads, headDim]`
 * @returns `[kvHeads, g * s, headDim]`
 */
export function weightedValues(graph: GraphBuilder, weights: Edge, values: Edge, at: string): Edge {
  return graph.node('FusedMatMul', [weights, values], {
    name: `${at}/PV`,
    domain: 'com.microsoft',
    attributes: { transBatchB: 1 },
  });
}
