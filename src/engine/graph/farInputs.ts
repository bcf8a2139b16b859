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

/** Distant rows of one layer as they are stored. */
export interface FarStore {
  readonly kvHeads: number;
  /** `[n, kvHeads, headDim]` float32, or `[n * kvHeads, headDim]` int8 */
  readonly rows: Edge;
  /** `[n * kvHeads]`: null for float32 */
  readonly scales: Edge | null;
  readonly place: string;
}

/**
 * Declares distant rows of a layer.
 * @param kvHeads how many KV heads' rows each token has
 */
export function farStore(
  graph: GraphBuilder,
  plan: CachePlan,
  kind: 'farKeys' | 'farValues',
  layer: number,
  kvHeads: number,
): FarStore {
  const { headDim } = plan.shape;
  const name = storeInput(kind, layer);
  const place = `/layers.${layer}/attn/distant/${kind}`;
  if (plan[kind] === 'float32') {
    return { kvHeads, rows: graph.input(name, 'float32', ['n', kvHeads, headDim]), scales: null, place };
  }
  const rows = graph.input(name, 'int8', [`n*${kvHeads}`, headDim]);
  return { kvHeads, rows, scales: graph.input(`${name}/scales`, 'float32', [`n*${kvHeads}`]), place };
}

/**
 * Reads all distant rows of a layer, or those of some pages, and unpacks them when they are int8.
 *
 * ```
 * int8 [n * rows, headDim] ─ Gather(pages) ─ DequantizeLinear(axis 0) ─ Reshape ─ [tokens read, rows, headDim]
 * scales [n * rows] ──────── Gather(pages) ─────────┘
 * ```
 * @param pages `[k]` int64: the pages to read; null for all tokens
 * @param at place of the nodes, unique for each call
 * @returns `[tokens read, kvHeads, headDim]` float32
 */
export function readFar(
  graph: GraphBuilder,
  plan: CachePlan,
  store: FarStore,
  pages: Edge | null,
  at = store.place,
): Edge {
  const { headDim } = plan.shape;
  const { kvHeads } = store;
  const pageRows = (plan.select?.pageTokens ?? 1) * kvHeads;
  const read = (edge: Edge, width: number, shape: readonly number[], name: string): Edge => {
    if (pages === null) return edge;
    const byPage = graph.node('Reshape', [edge, graph.shape([-1, pageRows * width])], { name: `${at}/${name}/pages` });
    const some = graph.node('Gather', [byPage, pages], { name: `${at}/${name}/Gather`, attributes: { axis: 0 } });
    return graph.node('Reshape', [some, graph.shape(shape)], { name: `${at}/${name}/rows` });
  };
  if (store.scales === null) return read(store.rows, headDim, [-1, kvHeads, headDim], 'floats');
  const inputs = [read(store.rows, headDim, [-1, headDim], 'codes'), read(store.scales, 1, [-1], 'scales')];
  const unpacked = graph.node('DequantizeLinear', inputs, {
    name: `${at}/DequantizeLinear`,
    attributes: { axis: 0 },
  });
  return graph.node('Reshape', [unpacked, graph.shape([-1, kvHeads, headDim])], { name: `${at}/Reshape` });
}
