import type { CachePlan, KvHeadPlan } from '#shared/domain/index.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { ownKvHeads, readStore, type StoreInput } from './layerRows.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { pageSelection } from './pageSelection.ts';

/** Distant logits of the KV heads `[first, first + count)` of a layer, which come from one source. */
export interface DistantGroup {
  readonly first: number;
  readonly count: number;
  /** `[count, queryHeadsPerKvHead * s, n]` */
  readonly logits: Edge;
  /** `[count, queryHeadsPerKvHead, 1]`, to be added to the logits of every distant token; null for none. */
  readonly bias: Edge | null;
  /** `[k]` int64: the pages these logits are of, and no others; null for all distant tokens. */
  readonly pages: Edge | null;
}

/** Distant logits of a layer, and what they were made of. */
export interface DistantLogits {
  /** Lowest KV head first. */
  readonly groups: readonly DistantGroup[];
  /** The layer's own distant keys, `[n, kept, headDim]`; null where all follow. */
  readonly keys: Edge | null;
  /** `[k]` int64: the pages it picked; null where there are no keys of its own, or all tokens are read. */
  readonly ownPages: Edge | null;
}

/** What leaders leave for the layers above them. */
export interface LeaderStates {
  /** Layer to the logits of all its query heads, `[kvHeads, g * s, n]`; for a written token `[heads, n]`. */
  readonly logits: Map<number, Edge>;
  /** Layer to its distant keys, `[n, kvHeads, headDim]`. */
  readonly keys: Map<number, Edge>;
  /** Layer to the pages it reads; nothing where the plan selects none. */
  readonly pages: Map<number, Edge>;
}

/**
 * Makes the distant logits of a layer (arXiv 2412.02252, section 3).
 *
 * ```
 * own       q ─ QK(distant keys) ──────────────────────── [count, g * s, n]
 * follower  leader's logits [heads, s * n] ─ MatMul(mix) ─ the same      (share: logits)
 *           q ─ QK(leader's distant keys) ──────────────── the same      (share: keys)
 * ```
 * With a `selection` a layer that keeps keys reads the pages it picks, and so do its followers; `n` are
 * the tokens of these pages then.
 *
 * The bias of a mix is one number for all distant tokens of a head, so it is left to the merge.
 */
export function distantLogits(
  graph: GraphBuilder,
  model: ModelDescription,
  plan: CachePlan,
  layer: number,
  { queries, store, leaders, selection, at }: DistantInputs,
): DistantLogits {
  const own = ownKvHeads(plan, layer);
  const lastOwnQueries = (rows: Edge): Edge => {
    const last = graph.node('Gather', [queries, rows], { name: `${at}/lastQuery/Gather`, attributes: { axis: 1 } });
    if (own.length === model.kvHeads) return last;
    const kept = graph.shape(own);
    return graph.node('Gather', [last, kept], { name: `${at}/ownQueries/Gather`, attributes: { axis: 0 } });
  };
  const ownPages =
    store && selection
      ? pageSelection(graph, model, plan, {
          queries: lastOwnQueries(selection.lastRows),
          keys: store,
          count: selection.pageCount,
          at: `${at}/pages`,
        })
      : null;
  const keys = store && readStore(graph, plan, store, ownPages, `${at}/farKeys`);
  const groups = distantRuns(plan, layer).map(({ first, count, kind, leader }, index): DistantGroup => {
    const place = `${at}/${index}`;
    const product = (keyRows: Edge, from: number, of: number): Edge =>
      operatorsOf(graph).queryKeyProduct(
        graph,
        model,
        headRange(graph, queries, 0, first, count, model.kvHeads, `${place}/queries`),
        headRange(graph, keyRows, 1, from, count, of, `${place}/keys`),
        place,
      );
    if (kind === 'own') {
      const logits = product(keys!, own.indexOf(first), own.length);
      return { first, count, logits, bias: null, pages: ownPages };
    }
    const pages = selection && (leaders.pages.get(leader) ?? null);
    if (plan.share === 'keys') {
      const logits = product(leaders.keys.get(leader)!, first, model.kvHeads);
      return { first, count, logits, bias: null, pages };
    }
    const { mix, bias } = mixOf(graph, model, plan, layer, { first, count });
    const logits = operatorsOf(graph).mixHeads(graph, model, count, mix, leaders.logits.get(leader)!, place);
    const perHead = graph.node('Reshape', [bias, graph.shape([count, model.heads / model.kvHeads, 1])], {
      name: `${place}/bias/Reshape`,
    });
    return { first, count, logits, bias: perHead, pages };
  });
  return { groups, keys, ownPages };
}

/** Where distant logits of a chunk come from. */
export interface DistantInputs {
  /** `[kvHeads, g * s, headDim]` */
  readonly queries: Edge;
  /** The layer's own distant keys; null where all its KV heads follow. */
  readonly store: StoreInput | null;
  readonly leaders: LeaderStates;
  /** Null where all distant tokens are read. */
  readonly selection: { readonly pageCount: Edge; readonly lastRows: Edge } | null;
  /** Place of the nodes. */
  readonly at: string;
}

/**
 * The mix of a run of followers' KV heads.
 * @returns `mix` `[count * g, heads]`: weights over the leader's query heads; `bias` `[count * g, 1]`
 */
export function mixOf(
  graph: GraphBuilder,
  { heads }: ModelDescription,
  plan: CachePlan,
  layer: number,
  { first, count }: Pick<DistantRun, 'first' | 'count'>,
): { readonly mix: Edge; readonly bias: Edge } {
  const kvHeads = plan.layers[layer]!.kvHeads.slice(first, first + count);
  const rows = kvHeads.flatMap((head) => (head.kind === 'follower' ? head.mix : []));
  const name = `/layers.${layer}/attn/mix/${first}`;
  return {
    mix: graph.sharedConstant(name, 'float32', [rows.length, heads], () =>
      Float32Array.from(rows.flatMap((row) => row.slice(0, heads))),
    ),
    bias: graph.sharedConstant(`${name}/bias`, 'float32', [rows.length, 1], () =>
      Float32Array.from(rows.map((row) => row[heads]!)),
    ),
  };
}

/** Neighbouring KV heads with one source of distant logits: KV heads `[first, first + count)`. */
export interface DistantRun {
  readonly first: number;
  readonly count: number;
  readonly kind: KvHeadPlan['kind'];
  readonly leader: number;
}

/** Cuts a layer's KV heads into runs, lowest first. */
export function distantRuns(plan: CachePlan, layer: number): DistantRun[] {
  const result: DistantRun[] = [];
  for (const [index, head] of plan.layers[layer]!.kvHeads.entries()) {
    const leader = head.kind === 'own' ? -1 : head.leader;
    const last = result.at(-1);
    if (last?.kind === head.kind && last.leader === leader)
      result[result.length - 1] = { ...last, count: last.count + 1 };
    else result.push({ first: index, count: 1, kind: head.kind, leader });
  }
  return result;
}

/** Whether some layer above takes its distant logits from this one. */
export const isFollowed = (plan: CachePlan, layer: number): boolean =>
  plan.layers.some(({ kvHeads }) => kvHeads.some((head) => head.kind === 'follower' && head.leader === layer));

/** Cuts KV heads `[first, first + count)` out of `axis`, or leaves the edge as it is when they are all. */
export function headRange(
  graph: GraphBuilder,
  edge: Edge,
  axis: number,
  first: number,
  count: number,
  all: number,
  name: string,
): Edge {
  if (count === all) return edge;
  const inputs = [edge, graph.shape([first]), graph.shape([first + count]), graph.shape([axis])];
  return graph.node('Slice', inputs, { name: `${name}/Slice` });
}
