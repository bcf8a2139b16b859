import type { ModelDescription } from '../model/index.ts';
import { emptyFloats } from './emptyTensors.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { operatorsOf } from './operators/operatorsOf.ts';

/** One layer's attention weights of the chunk's last query, each part normalised within itself. */
export interface AttendedWeights {
  /** `[kvHeads, g, m + s]` */
  readonly near: Edge;
  /** Null where every token is near, whatever the text. */
  readonly distant: {
    /** `[kvHeads, g, n]`, cut into groups of KV heads */
    readonly weights: readonly Edge[];
    /** `[kvHeads, g, 1]`: the share of the one softmax that is theirs. */
    readonly share: Edge;
    /** `[k]` int64 of each group: the pages the weights are of; none where they are of all tokens. */
    readonly pages: readonly Edge[];
  } | null;
}

/** What `attendedMeans` gives. */
export interface AttendedMeans {
  /** `[layers, m + s]` */
  readonly near: Edge;
  /** `[layers, n]`, or where pages are read `[layers * kvHeads, n]`; null where every token is near. */
  readonly distant: Edge | null;
  readonly distantRows: number;
  /** `[groups * k]`, as float32, which is exact up to 2^24: the pages that each run of KV heads read, layer by layer; null where all are read. */
  readonly pages: Edge | null;
}

/**
 * Head means of what the last query attended to, for all layers of a graph at once, after the one
 * softmax: a layer's near and distant add up to 1. Where KV heads of a layer read different pages their
 * weights cannot be added here: each has a row, all of them together add up to the layer's distant share.
 *
 * ```
 * near weights of all layers ─ Concat ─┐
 * 1 - share ─────────────────────────── groupMean ─ Reshape ─ ReduceSum ─ [layers, m + s]
 * ```
 * @param hasDistantTokens `[1]` bool
 * @param mostPages pages that there can be
 */
export function attendedMeans(
  graph: GraphBuilder,
  model: ModelDescription,
  layers: readonly AttendedWeights[],
  hasDistantTokens: Edge,
  mostPages: number,
): AttendedMeans {
  const join = (edges: readonly Edge[], name: string): Edge =>
    graph.node('Concat', edges, { name: `/attended/${name}/Concat`, attributes: { axis: 0 } });
  const perKvHead = (shares: Edge, weights: readonly Edge[], name: string): Edge =>
    operatorsOf(graph).groupMean(graph, model, shares, join(weights, name), `/attended/${name}`);
  const mean = (shares: Edge, weights: readonly Edge[], name: string): Edge => {
    const weighted = perKvHead(shares, weights, name);
    const perLayer = graph.node('Reshape', [weighted, graph.shape([layers.length, model.kvHeads, -1])], {
      name: `/attended/${name}/Reshape`,
    });
    return graph.node('ReduceSum', [perLayer, graph.shape([1])], {
      name: `/attended/${name}/ReduceSum`,
      attributes: { keepdims: 0 },
    });
  };
  const near = layers.map((layer) => layer.near);
  const distant = layers.flatMap((layer) => layer.distant ?? []);
  const rows = layers.length * model.kvHeads;
  if (distant.length === 0) {
    const shape = [rows, model.heads / model.kvHeads, 1];
    const ones = new Float32Array(layers.length * model.heads).fill(1);
    const all = graph.constant('/attended/all', 'float32', shape, ones);
    return { near: mean(all, near, 'near'), distant: null, distantRows: 0, pages: null };
  }
  const share = join(
    distant.map((part) => part.share),
    'share',
  );
  const nearShare = graph.node('Sub', [graph.scalar(1), share], { name: '/attended/nearShare/Sub' });
  const nearMeans = mean(nearShare, near, 'near');
  const weights = distant.flatMap((part) => part.weights);
  const pages = distant.flatMap((part) => part.pages);
  const distantRows = pages.length === 0 ? layers.length : rows;
  const compute = (): Edge[] => {
    if (pages.length === 0) return [mean(share, weights, 'distant')];
    const weighted = perKvHead(share, weights, 'distant');
    const byRow = graph.node('Reshape', [weighted, graph.shape([rows, -1])], { name: '/attended/distant/Reshape' });
    return [byRow, operatorsOf(graph).pageNumbers(graph, pages, mostPages, '/attended/pages')];
  };
  const none = (): Edge[] => [
    emptyFloats(graph, [distantRows, 0]),
    ...(pages.length === 0 ? [] : [emptyFloats(graph, [0])]),
  ];
  const types = Array.from({ length: pages.length === 0 ? 1 : 2 }, () => 'float32' as const);
  const found = operatorsOf(graph).onlyIf(
    graph,
    hasDistantTokens,
    types,
    { then: compute, otherwise: none },
    '/attended/If',
  );
  return { near: nearMeans, distant: found[0]!, distantRows, pages: found[1] ?? null };
}
