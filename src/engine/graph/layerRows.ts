import type { CachePlan } from '#shared/domain/index.ts';
import { keepsDistant, packedNearTokens } from '../cache/distantRange.ts';
import { rowCodecs } from '../cache/rowCodec.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { gatherPages, type PackedRows, unpackRows } from './operators/storedRows.ts';

/** The kinds of cache rows a layer reads. */
export type StoreKind =
  | 'nearKeys'
  | 'nearValues'
  | 'packedKeys'
  | 'packedValues'
  | 'farKeys'
  | 'farValues'
  | 'slidingKeys'
  | 'slidingValues';

/** The name under which a graph takes a layer's cache rows; scales of packed rows add `/scales`. */
export const storeInput = (kind: StoreKind, layer: number): string => `${kind}.${layer}`;

/** Whether a layer keeps keys of distant tokens: when at least one of its KV heads does. */
export const ownKvHeads = (plan: CachePlan, layer: number): readonly number[] =>
  plan.layers[layer]!.kvHeads.flatMap(({ kind }, kvHead) => (kind === 'own' ? [kvHead] : []));

/**
 * Declares near rows of a layer, `[m, kvHeads, headDim]` float32: token axis outermost, so that a
 * prefix of the store is a plain view.
 */
function nearInput(
  graph: GraphBuilder,
  { kvHeads, headDim }: Pick<ModelDescription, 'kvHeads' | 'headDim'>,
  kind: 'nearKeys' | 'nearValues',
  layer: number,
): Edge {
  return graph.input(storeInput(kind, layer), 'float32', ['m', kvHeads, headDim]);
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

/** Distant rows of one layer, or packed near ones, as they are stored. */
export interface StoreInput {
  readonly kvHeads: number;
  /** `[n, kvHeads, headDim]` float32, or packed rows `[n * kvHeads, ...]` */
  readonly rows: Edge | PackedRows;
  readonly place: string;
}

/** What a layer that sees the whole text keeps. */
export interface LayerRows {
  /** `[m, kvHeads, headDim]` */
  readonly nearKeys: Edge;
  readonly nearValues: Edge;
  /** The older near rows; null where all of them are float32. */
  readonly packed: { readonly keys: StoreInput; readonly values: StoreInput } | null;
  /** Null where every token is near, and where all KV heads of the layer follow. */
  readonly farKeys: StoreInput | null;
  /** Null where every token is near. */
  readonly farValues: StoreInput | null;
}

/** Declares them. */
export function layerRows(graph: GraphBuilder, plan: CachePlan, layer: number): LayerRows {
  const { kvHeads } = plan.shape;
  const distant = keepsDistant(plan);
  const own = ownKvHeads(plan, layer).length;
  return {
    nearKeys: nearInput(graph, plan.shape, 'nearKeys', layer),
    nearValues: nearInput(graph, plan.shape, 'nearValues', layer),
    packed:
      packedNearTokens(plan) > 0
        ? {
            keys: packedInput(graph, plan, 'packedKeys', layer),
            values: packedInput(graph, plan, 'packedValues', layer),
          }
        : null,
    farKeys: distant && own > 0 ? farInput(graph, plan, 'farKeys', layer, own) : null,
    farValues: distant ? farInput(graph, plan, 'farValues', layer, kvHeads) : null,
  };
}

/** Declares the packed near rows of a layer. */
function packedInput(
  graph: GraphBuilder,
  { shape: { kvHeads, headDim } }: CachePlan,
  kind: 'packedKeys' | 'packedValues',
  layer: number,
): StoreInput {
  const name = storeInput(kind, layer);
  const elements = rowCodecs.int8.elements(headDim);
  const codes = graph.input(name, 'int8', [`p*${kvHeads}`, elements]);
  const scales = graph.input(`${name}/scales`, 'float32', [`p*${kvHeads}`]);
  const rows = { packing: 'int8', codes, scales, elements, kvHeads, scaleTokens: 1 } as const;
  return { kvHeads, rows, place: `/layers.${layer}/attn/${kind}` };
}

/**
 * Declares distant rows of a layer.
 * @param kvHeads how many KV heads' rows each token has
 */
export function farInput(
  graph: GraphBuilder,
  plan: CachePlan,
  kind: 'farKeys' | 'farValues',
  layer: number,
  kvHeads: number,
): StoreInput {
  const { headDim } = plan.shape;
  const name = storeInput(kind, layer);
  const place = `/layers.${layer}/attn/distant/${kind}`;
  const type = plan[kind];
  if (type === 'float32') return { kvHeads, rows: graph.input(name, type, ['n', kvHeads, headDim]), place };
  const packing = kind === 'farKeys' && type === 'int8' && plan.select ? 'pages' : type;
  const scaleTokens = packing === 'pages' ? plan.select!.pageTokens : 1;
  const elements = rowCodecs[type].elements(headDim);
  const codes = graph.input(name, packing === 'int8' ? 'int8' : 'uint8', [`n*${kvHeads}`, elements]);
  const scales = graph.input(`${name}/scales`, 'float32', [`n*${kvHeads}/${scaleTokens}`]);
  return { kvHeads, rows: { packing, codes, scales, elements, kvHeads, scaleTokens }, place };
}

/**
 * Reads all rows of such a store, or those of some pages, and unpacks them where they are packed.
 * @param pages `[k]` int64: the pages to read; null for all tokens
 * @param at place of the nodes, unique for each call
 * @returns `[tokens read, kvHeads, headDim]` float32
 */
export function readStore(
  graph: GraphBuilder,
  plan: CachePlan,
  { kvHeads, rows, place }: StoreInput,
  pages: Edge | null,
  at = place,
): Edge {
  const { headDim } = plan.shape;
  const tokens = [-1, kvHeads, headDim];
  const some = pages && { pages, pageRows: (plan.select?.pageTokens ?? 1) * kvHeads };
  if (typeof rows === 'string') return some ? gatherPages(graph, rows, headDim, some, tokens, `${at}/floats`) : rows;
  const unpacked = some ? operatorsOf(graph).unpackPages(graph, rows, headDim, some, at) : unpackRows(graph, rows, at);
  return graph.node('Reshape', [unpacked, graph.shape(tokens)], { name: `${at}/Reshape` });
}
