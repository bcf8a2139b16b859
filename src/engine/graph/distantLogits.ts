import type { CachePlan, KvHeadPlan } from '#shared/domain/index.ts';
import type { ModelDescription } from '../model/index.ts';
import { farStore, ownKvHeads, readFar } from './farInputs.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
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
  /** `[k]` int64: the pages its own KV heads read; null where all are read, or all follow. */
  readonly pages: Edge | null;
}

/** What leaders leave for the layers above them. */
export interface LeaderStates {
  /** Layer to the logits of all its query heads, `[kvHeads, queryHeadsPerKvHead * s, n]`. */
  readonly logits: Map<number, Edge>;
  /** Layer to its distant keys, `[n, kvHeads, headDim]`. */
  readonly keys: Map<number, Edge>;
  /** Layer to the pages it reads; nothing where all are read. */
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
  queries: Edge,
  leaders: LeaderStates,
  selection: { readonly pageCount: Edge; readonly lastRows: Edge } | null,
): DistantLogits {
  const kvHeads = plan.layers[layer]!.kvHeads;
  const place = `/layers.${layer}/attn/distant`;
  const groupSize = model.heads / model.kvHeads;
  const own = ownKvHeads(plan, layer);
  const lastOwnQueries = (rows: Edge): Edge => {
    const last = graph.node('Gather', [queries, rows], { name: `${place}/lastQuery/Gather`, attributes: { axis: 1 } });
    if (own.length === model.kvHeads) return last;
    const kept = graph.shape(own);
    return graph.node('Gather', [last, kept], { name: `${place}/ownQueries/Gather`, attributes: { axis: 0 } });
  };
  const store = own.length > 0 ? farStore(graph, plan, 'farKeys', layer, own.length) : null;
  const ownPages =
    store && selection
      ? pageSelection(graph, model, plan, layer, {
          queries: lastOwnQueries(selection.lastRows),
          keys: store,
          count: selection.pageCount,
        })
      : null;
  const keys = store && readFar(graph, plan, store, ownPages);
  const groups = distantRuns(plan, layer).map(({ first, count, kind, leader }, index): DistantGroup => {
    const at = `${place}/${index}`;
    const groupQueries = () => headRange(graph, queries, 0, first, count, model.kvHeads, `${at}/queries`);
    if (kind === 'own') {
      const groupKeys = headRange(graph, keys!, 1, own.indexOf(first), count, own.length, `${at}/keys`);
      const logits = operatorsOf(graph).queryKeyProduct(graph, model, groupQueries(), groupKeys, at);
      return { first, count, logits, bias: null, pages: ownPages };
    }
    const pages = leaders.pages.get(leader) ?? null;
    if (plan.share === 'keys') {
      const leaderKeys = headRange(graph, leaders.keys.get(leader)!, 1, first, count, model.kvHeads, `${at}/keys`);
      const logits = operatorsOf(graph).queryKeyProduct(graph, model, groupQueries(), leaderKeys, at);
      return { first, count, logits, bias: null, pages };
    }
    const rows = kvHeads.slice(first, first + count).flatMap((head) => (head.kind === 'follower' ? head.mix : []));
    return { first, count, pages, ...mixed(graph, model, rows, leaders.logits.get(leader)!, count, groupSize, at) };
  });
  return { groups, keys, pages: ownPages };
}

function mixed(
  graph: GraphBuilder,
  model: ModelDescription,
  rows: readonly (readonly number[])[],
  leaderLogits: Edge,
  count: number,
  groupSize: number,
  at: string,
): { logits: Edge; bias: Edge } {
  const { heads } = model;
  const weights = Float32Array.from(rows.flatMap((row) => row.slice(0, heads)));
  const biases = Float32Array.from(rows.map((row) => row[heads]!));
  const mix = graph.constant(`${at}/mix`, 'float32', [rows.length, heads], weights);
  return {
    logits: operatorsOf(graph).mixHeads(graph, model, count, mix, leaderLogits, at),
    bias: graph.constant(`${at}/bias`, 'float32', [count, groupSize, 1], biases),
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
