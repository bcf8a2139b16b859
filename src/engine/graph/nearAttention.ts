import type { AttentionContext } from './attention.ts';
import type { LayerRows } from './farInputs.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { headsFirst, type Projections } from './projections.ts';

/** Attention over near tokens, as it is before anything distant is merged in. */
export interface NearAttention {
  /** `[kvHeads, g * s, headDim]` */
  readonly queries: Edge;
  /** `[kvHeads, g * s, m + s]` */
  readonly logits: Edge;
  readonly weights: Edge;
  /** `[kvHeads, g * s, headDim]` */
  readonly output: Edge;
}

/** Attention over near rows and the chunk itself: one softmax, values of both. */
export function nearAttention(
  { graph, model, mask, nearLengths, nearBias }: AttentionContext,
  { query, keys, values }: Projections,
  { nearKeys, nearValues }: LayerRows,
  at: string,
): NearAttention {
  const operators = operatorsOf(graph);
  const queries = headsFirst(graph, model, query, `${at}/q`);
  const chunkLogits = graph.node('Add', [operators.queryKeyProduct(graph, model, queries, keys, `${at}/chunk`), mask], {
    name: `${at}/mask/Add`,
  });
  const nearLogits = graph.node('Add', [operators.queryKeyProduct(graph, model, queries, nearKeys, at), nearBias], {
    name: `${at}/bias/Add`,
  });
  const logits = graph.node('Concat', [nearLogits, chunkLogits], { name: `${at}/Concat`, attributes: { axis: -1 } });
  const weights = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const [nearWeights, chunkWeights] = graph.nodes('Split', [weights, nearLengths], {
    name: `${at}/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const output = graph.node(
    'Add',
    [
      operators.weightedValues(graph, nearWeights!, nearValues, at),
      operators.weightedValues(graph, chunkWeights!, values, `${at}/chunk`),
    ],
    { name: `${at}/Add` },
  );
  return { queries, logits, weights, output };
}

/**
 * Weights of the chunk's last query.
 * @param weights `[kvHeads, g * s, columns]`
 * @returns `[kvHeads, g, columns]`
 */
export const ofLastQuery = (graph: GraphBuilder, weights: Edge, lastRows: Edge, at: string): Edge =>
  graph.node('Gather', [weights, lastRows], { name: `${at}/attended/Gather`, attributes: { axis: 1 } });

/**
 * Puts what each head found beside each other, token by token.
 * @param output `[kvHeads, g * s, headDim]`
 * @returns `[s, heads * headDim]`
 */
export function tokensFirst(
  graph: GraphBuilder,
  { heads, headDim }: { readonly heads: number; readonly headDim: number },
  output: Edge,
  at: string,
): Edge {
  const perHead = graph.node('Reshape', [output, graph.shape([heads, -1, headDim])], { name: `${at}/heads/Reshape` });
  const perToken = graph.node('Transpose', [perHead], {
    name: `${at}/heads/Transpose`,
    attributes: { perm: [1, 0, 2] },
  });
  return graph.node('Reshape', [perToken, graph.shape([-1, heads * headDim])], { name: `${at}/rows/Reshape` });
}
