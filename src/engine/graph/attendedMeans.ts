import type { CachePlan } from '#shared/domain/index.ts';
import { keepsDistant } from '../cache/distantRange.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { operatorsOf } from './operators/operatorsOf.ts';

/** One layer's attention weights of the chunk's last query. */
export interface AttendedWeights {
  /** `[kvHeads, g, p + m + s + n]`: packed near rows, near rows, the chunk, and the distant tokens that were read; each row adds up to 1. */
  readonly weights: Edge;
  /** `[k]` int64 of each run of KV heads: the pages its distant weights are of; none where they are of all tokens. */
  readonly pages: readonly Edge[];
}

/** What `attendedMeans` gives. */
export interface AttendedMeans {
  /** `[layers, p + m + s]` */
  readonly near: Edge;
  /** `[layers, n]`, or where pages are read `[layers * kvHeads, n]`; null where every token is near. */
  readonly distant: Edge | null;
  readonly distantRows: number;
  /** `[runs * k]`, as float32, which is exact up to 2^24: the pages that each run of KV heads read, layer by layer; null where all are read. */
  readonly pages: Edge | null;
}

/** As far as an axis goes. */
const TO_THE_END = 2 ** 31 - 1;

/**
 * Head means of what the last query attended to, for all layers of a graph at once: a layer's near and distant
 * add up to 1. Where KV heads of a layer read different pages their weights cannot be added here: each has
 * a row, all of them together add up to the layer's distant share.
 *
 * ```
 * weights of all layers ─ Concat ─ ReduceMean ─ [layers * kvHeads, p + m + s + n] ─┬─ Slice ─ ReduceMean ─ near
 *                                                                             └─ Slice ─ distant
 * ```
 * @param nearColumns `[1]` int64: `p + m + s`, also where nothing is packed and `p` is missing from the weights
 */
export function attendedMeans(
  graph: GraphBuilder,
  { contextTokens }: Pick<ModelDescription, 'contextTokens'>,
  plan: CachePlan,
  layers: readonly AttendedWeights[],
  nearColumns: Edge,
): AttendedMeans {
  const { kvHeads } = plan.shape;
  const mean = (edge: Edge, name: string): Edge =>
    graph.node('ReduceMean', [edge, graph.shape([1])], {
      name: `/attended/${name}/ReduceMean`,
      attributes: { keepdims: 0 },
    });
  const slice = (edge: Edge, from: Edge, to: Edge, name: string): Edge =>
    graph.node('Slice', [edge, from, to, graph.shape([1])], { name: `/attended/${name}/Slice` });
  const perLayer = (edge: Edge, name: string): Edge => {
    const rows = graph.node('Reshape', [edge, graph.shape([layers.length, kvHeads, -1])], {
      name: `/attended/${name}/Reshape`,
    });
    return mean(rows, name);
  };
  const joined = graph.node(
    'Concat',
    layers.map(({ weights }) => weights),
    { name: '/attended/Concat', attributes: { axis: 0 } },
  );
  const perKvHead = mean(joined, 'heads');
  if (!keepsDistant(plan)) return { near: perLayer(perKvHead, 'near'), distant: null, distantRows: 0, pages: null };
  const near = perLayer(slice(perKvHead, graph.shape([0]), nearColumns, 'near'), 'near');
  const distant = slice(perKvHead, nearColumns, graph.shape([TO_THE_END]), 'distant');
  const pages = layers.flatMap((layer) => layer.pages);
  if (pages.length === 0) {
    return { near, distant: perLayer(distant, 'distant'), distantRows: layers.length, pages: null };
  }
  const mostPages = Math.ceil(contextTokens / plan.select!.pageTokens);
  return {
    near,
    distant: graph.node('Mul', [distant, graph.scalar(1 / kvHeads)], { name: '/attended/distant/Mul' }),
    distantRows: layers.length * kvHeads,
    pages: operatorsOf(graph).pageNumbers(graph, pages, mostPages, '/attended/pages'),
  };
}
