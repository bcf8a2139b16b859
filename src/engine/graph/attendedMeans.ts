import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';

/** One layer's attention weights of the chunk's last query, each part normalised within itself. */
export interface AttendedWeights {
  /** `[kvHeads, g, m + s]` */
  readonly near: Edge;
  /** `[kvHeads, g, n]`, cut into groups of KV heads */
  readonly distant: readonly Edge[];
  /** `[kvHeads, g, 1]` */
  readonly share: Edge;
}

/** Picks the rows of the last query out of a layer's weights. */
export function lastQueryWeights(
  graph: GraphBuilder,
  lastRows: Edge,
  near: Edge,
  distant: readonly Edge[],
  share: Edge,
  at: string,
): AttendedWeights {
  const pick = (edge: Edge, name: string): Edge =>
    graph.node('Gather', [edge, lastRows], { name: `${at}/${name}/Gather`, attributes: { axis: 1 } });
  return {
    near: pick(near, 'near'),
    distant: distant.map((edge, index) => pick(edge, `distant.${index}`)),
    share: pick(share, 'share'),
  };
}

/**
 * Head means of what the last query attended to, for all layers of a graph at once, after the one
 * softmax: a layer's near and distant add up to 1.
 *
 * ```
 * near weights of all layers ─ Concat ─┐
 * 1 - share ─────────────────── FusedMatMul(transA, 1/heads) ─ Reshape ─ ReduceSum ─ [layers, m + s]
 * ```
 */
export function attendedMeans(
  graph: GraphBuilder,
  model: ModelDescription,
  layers: readonly AttendedWeights[],
): { near: Edge; distant: Edge } {
  const join = (edges: readonly Edge[], name: string): Edge =>
    graph.node('Concat', edges, { name: `/attended/${name}/Concat`, attributes: { axis: 0 } });
  const share = join(
    layers.map((layer) => layer.share),
    'share',
  );
  const nearShare = graph.node('Sub', [graph.scalar(1), share], { name: '/attended/nearShare/Sub' });
  const mean = (shares: Edge, edges: readonly Edge[], name: string): Edge => {
    const weighted = graph.node('FusedMatMul', [shares, join(edges, name)], {
      name: `/attended/${name}/FusedMatMul`,
      domain: 'com.microsoft',
      attributes: { transA: 1, alpha: { float: 1 / model.heads } },
    });
    const perLayer = graph.node('Reshape', [weighted, graph.shape([layers.length, model.kvHeads, -1])], {
      name: `/attended/${name}/Reshape`,
    });
    return graph.node('ReduceSum', [perLayer, graph.shape([1])], {
      name: `/attended/${name}/ReduceSum`,
      attributes: { keepdims: 0 },
    });
  };
  return {
    near: mean(
      nearShare,
      layers.map((layer) => layer.near),
      'near',
    ),
    distant: mean(
      share,
      layers.flatMap((layer) => layer.distant),
      'distant',
    ),
  };
}
