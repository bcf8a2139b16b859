import type { CachePlan } from '#shared/domain/index.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';

/** The kinds of cache rows a layer reads. */
export type StoreKind = 'nearKeys' | 'nearValues' | 'farKeys' | 'farValues' | 'slidingKeys' | 'slidingValues';

/** The name under which a graph takes a layer's cache rows; scales of int8 rows add `/scales`. */
export const storeInput = (kind: StoreKind, layer: number): string => `${kind}.${layer}`;

/** Whether a layer keeps keys of distant tokens: when at least one of its KV heads does. */
export const ownKvHeads = (plan: CachePlan, layer: number): readonly number[] =>
  plan.layers[layer]!.kvHeads.flatMap(({ kind }, kvHead) => (kind === 'own' ? [kvHead] : []));

/**
 * Declares near rows of a layer, `[m, kvHeads, headDim]` float32: token axis outermost, so that a
 * prefix of the store is a plain view.
 */
export function nearInput(
  graph: GraphBuilder,
  model: ModelDescription,
  kind: 'nearKeys' | 'nearValues',
  layer: number,
): Edge {
  return graph.input(storeInput(kind, layer), 'float32', ['m', model.kvHeads, model.headDim]);
}

/** Declares the rows that a sliding layer keeps, `[w, kvHeads, headDim]` float32. */
export function slidingInput(
  graph: GraphBuilder,
  model: ModelDescription,
  kind: 'slidingKeys' | 'slidingValues',
  layer: number,
): Edge {
  return graph.input(storeInput(kind, layer), 'float32', ['w', model.kvHeads, model.headDim]);
}

/**
 * Declares distant rows of a layer and unpacks them when they are int8.
 *
 * ```
 * int8 [n * rows, headDim] ─ DequantizeLinear(axis 0) ─ Reshape ─ [n, rows, headDim]
 * scales [n * rows] ─────────┘
 * ```
 * @param kvHeads how many KV heads' rows each token has
 * @returns `[n, kvHeads, headDim]` float32
 */
export function farInput(
  graph: GraphBuilder,
  plan: CachePlan,
  kind: 'farKeys' | 'farValues',
  layer: number,
  kvHeads: number,
): Edge {
  const { headDim } = plan.shape;
  const name = storeInput(kind, layer);
  const place = `/layers.${layer}/attn/distant/${kind}`;
  if (plan[kind] === 'float32') return graph.input(name, 'float32', ['n', kvHeads, headDim]);
  const rows = `n*${kvHeads}`;
  const packed = graph.input(name, 'int8', [rows, headDim]);
  const scales = graph.input(`${name}/scales`, 'float32', [rows]);
  const unpacked = graph.node('DequantizeLinear', [packed, scales], {
    name: `${place}/DequantizeLinear`,
    attributes: { axis: 0 },
  });
  return graph.node('Reshape', [unpacked, graph.shape([-1, kvHeads, headDim])], { name: `${place}/Reshape` });
}
