import type { AttentionContext } from './attention.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { type LayerRows, readStore } from './layerRows.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { headsFirst, type Projections } from './projections.ts';

/** Attention over near tokens, as it is before anything distant is merged in. */
export interface NearAttention {
  /** `[kvHeads, g * s, headDim]` */
  readonly queries: Edge;
  /** `[kvHeads, g * s, p + m + s]`: packed near rows, near rows in float32, the chunk. */
  readonly logits: Edge;
  readonly weights: Edge;
  /** `[kvHeads, g * s, headDim]` */
  readonly output: Edge;
}

/** Near rows of one kind, as numbers. */
export interface NearRows {
  /** `[rows, kvHeads, headDim]` */
  readonly keys: Edge;
  readonly values: Edge;
  /** `[1]`: 0, or very low where there is but one empty row. */
  readonly bias: Edge;
  /** Place of the nodes. */
  readonly at: string;
}

/** The near rows of a layer: packed ones, where the plan has such, then those in float32. */
export function nearRows(
  { graph, plan, nearBias, packedBias }: AttentionContext,
  { nearKeys, nearValues, packed }: LayerRows,
  at: string,
): readonly NearRows[] {
  const floats = { keys: nearKeys, values: nearValues, bias: nearBias, at };
  if (!packed) return [floats];
  const place = `${at}/packed`;
  const keys = readStore(graph, plan, packed.keys, null, `${place}/keys`);
  const values = readStore(graph, plan, packed.values, null, `${place}/values`);
  return [{ keys, values, bias: packedBias!, at: place }, floats];
}

/** Attention over near rows and the chunk itself: one softmax, values of all. */
export function nearAttention(
  context: AttentionContext,
  { query, keys, values }: Projections,
  rows: LayerRows,
  at: string,
): NearAttention {
  const { graph, model, mask } = context;
  const operators = operatorsOf(graph);
  const queries = headsFirst(graph, model, query, `${at}/q`);
  const chunkLogits = graph.node('Add', [operators.queryKeyProduct(graph, model, queries, keys, `${at}/chunk`), mask], {
    name: `${at}/mask/Add`,
  });
  const near = nearRows(context, rows, at);
  const nearLogits = near.map((part) =>
    graph.node('Add', [operators.queryKeyProduct(graph, model, queries, part.keys, part.at), part.bias], {
      name: `${part.at}/bias/Add`,
    }),
  );
  const logits = graph.node('Concat', [...nearLogits, chunkLogits], {
    name: `${at}/Concat`,
    attributes: { axis: -1 },
  });
  const weights = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const lengths = rows.packed ? context.nearLengths : context.floatLengths;
  const parts = graph.nodes('Split', [weights, lengths], {
    name: `${at}/Split`,
    outputs: near.length + 1,
    attributes: { axis: -1 },
  });
  const found = near.map((part, index) => operators.weightedValues(graph, parts[index]!, part.values, part.at));
  const ofChunk = operators.weightedValues(graph, parts[near.length]!, values, `${at}/chunk`);
  const output = operators.sum(graph, [...found, ofChunk], `${at}/Sum`);
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
