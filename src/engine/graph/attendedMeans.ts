import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { groupMean } from './products.ts';

/** One layer's attention weights of the chunk's last query, each part normalised within itself. */
export interface AttendedWeights {
  /** `[kvHeads, g, m + s]` */
  readonly near: Edge;
  /** Null where every token is near. */
  readonly distant: {
    /** `[kvHeads, g, n]`, cut into groups of KV heads */
    readonly weights: readonly Edge[];
    /** `[kvHeads, g, 1]`: the share of the one softmax that is theirs. */
    readonly share: Edge;
  } | null;
}

/** Picks the rows of the last query out of a layer's weights. */
export function lastQueryWeights(
  graph: GraphBuilder,
  lastRows: Edge,
  near: Edge,
  distant: { readonly weights: readonly Edge[]; readonly share: Edge } | null,
  at: string,
): AttendedWeights {
  const pick = (edge: Edge, name: string): Edge =>
    graph.node('Gather', [edge, lastRows], { name: `${at}/${name}/Gather`, attributes: { axis: 1 } });
  return {
    near: pick(near, 'near'),
    distant: distant && {
      weights: distant.weights.map((edge, index) => pick(edge, `distant.${index}`)),
      share: pick(distant.share, 'share'),
    },
  };
}

/**
 * Head means of what the last query attended to, for all layers of a graph at once, after the one
 * softmax: a layer's near and distant add up to 1.
 *
 * ```
 * near weights of all layers ─ Concat ─┐
 * 1 - share ─────────────────────────── groupMean ─ Reshape ─ ReduceSum ─ [layers, m + s]
 * ```
 * @returns `distant` is null where every token is near
 */
export function attendedMeans(
  graph: GraphBuilder,
  model: ModelDescription,
  layers: readonly AttendedWeights[],
): { near: Edge; distant: Edge | null } {
  const join = (edges: readonly Edge[], name: string): Edge =>
    graph.node('Concat', edges, { name: `/attended/${name}/Concat`, attributes: { axis: 0 } });
  const mean = (shares: Edge, weights: readonly Edge[], name: string): Edge => {
    const weighted = groupMean(graph, model, shares, join(weights, name), `/attended/${name}`);
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
  if (distant.length === 0) {
    const rows = layers.length * model.heads;
    const shape = [layers.length * model.kvHeads, model.heads / model.kvHeads, 1];
    const all = graph.constant('/attended/all', 'float32', shape, new Float32Array(rows).fill(1));
    return { near: mean(all, near, 'near'), distant: null };
  }
  const share = join(
    distant.map((part) => part.share),
    'share',
  );
  const nearShare = graph.node('Sub', [graph.scalar(1), share], { name: '/attended/nearShare/Sub' });
  return {
    near: mean(nearShare, near, 'near'),
    distant: mean(
      share,
      distant.flatMap((part) => part.weights),
      'distant',
    ),
  };
}
