import type { AttentionContext } from './attention.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { slidingInput } from './layerRows.ts';
import { tokensFirst } from './nearAttention.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { headsFirst, type Projections } from './projections.ts';
import { type RopeInputs, slidingRopeInputs } from './rope.ts';

/** What all sliding layers of a graph share. */
export interface SlidingContext {
  readonly rope: RopeInputs;
  /** `[g * s, w + s]`: 0 where a query sees a row of the store or of the chunk, very low where it does not. */
  readonly mask: Edge;
  /** `[2]` int64: rows of the store and of the chunk, `w` and `s`. */
  readonly lengths: Edge;
}

/** Declares the inputs of sliding layers, or null for a model that has none. */
export function slidingContext({ graph, model }: Pick<AttentionContext, 'graph' | 'model'>): SlidingContext | null {
  if (!model.sliding) return null;
  return {
    rope: slidingRopeInputs(graph, model),
    mask: graph.input('slidingMask', 'float32', ['gs', 'w+s']),
    lengths: graph.input('slidingLengths', 'int64', [2]),
  };
}

/**
 * Attention of a layer that looks back only a window: over the rows of its own store and the chunk, under
 * one mask. There is no distant part, whatever the plan.
 *
 * ```
 * q ─┬─ QK(stored keys) ─┬─ Concat ─ + mask ─ Softmax ─ Split ─ PV(stored values) + PV(v)
 *    └─ QK(k) ───────────┘
 * ```
 * @returns the attended values `[s, heads * headDim]`, and the weights of the chunk's last query `[kvHeads, g, w + s]`
 */
export function slidingAttention(
  { graph, model, sliding, lastRows }: AttentionContext,
  layer: number,
  { query, keys, values }: Projections,
): { rows: Edge; attended: Edge } {
  const at = `/layers.${layer}/attn/sliding`;
  const queries = headsFirst(graph, model, query, `${at}/q`);
  const { mask, lengths } = sliding!;
  const storedKeys = slidingInput(graph, model, 'slidingKeys', layer);
  const storedValues = slidingInput(graph, model, 'slidingValues', layer);
  const logits = graph.node(
    'Concat',
    [
      operatorsOf(graph).queryKeyProduct(graph, model, queries, storedKeys, at),
      operatorsOf(graph).queryKeyProduct(graph, model, queries, keys, `${at}/chunk`),
    ],
    { name: `${at}/Concat`, attributes: { axis: -1 } },
  );
  const masked = graph.node('Add', [logits, mask], { name: `${at}/mask/Add` });
  const weights = graph.node('Softmax', [masked], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const [stored, own] = graph.nodes('Split', [weights, lengths], {
    name: `${at}/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const output = graph.node(
    'Add',
    [
      operatorsOf(graph).weightedValues(graph, stored!, storedValues, at),
      operatorsOf(graph).weightedValues(graph, own!, values, `${at}/chunk`),
    ],
    { name: `${at}/Add` },
  );
  const attended = graph.node('Gather', [weights, lastRows], {
    name: `${at}/attended/Gather`,
    attributes: { axis: 1 },
  });
  return { rows: tokensFirst(graph, model, output, at), attended };
}

/**
 * Head means of what the last query attended to in each sliding layer.
 * @param layers `[kvHeads, g, w + s]` each
 * @returns `[layers, w + s]`
 */
export function slidingMeans(graph: GraphBuilder, kvHeads: number, layers: readonly Edge[]): Edge {
  const joined = graph.node('Concat', layers, { name: '/attended/sliding/Concat', attributes: { axis: 0 } });
  const mean = (edge: Edge, name: string): Edge =>
    graph.node('ReduceMean', [edge, graph.shape([1])], {
      name: `/attended/sliding/${name}/ReduceMean`,
      attributes: { keepdims: 0 },
    });
  const perKvHead = graph.node('Reshape', [mean(joined, 'heads'), graph.shape([layers.length, kvHeads, -1])], {
    name: '/attended/sliding/Reshape',
  });
  return mean(perKvHead, 'kvHeads');
}
