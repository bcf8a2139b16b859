import type { AttentionContext } from './attention.ts';
import { distantRuns, headRange, mixOf } from './distantLogits.ts';
import type { Edge } from './graphBuilder.ts';
import { ownKvHeads, readStore, type StoreInput } from './layerRows.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { pageSelection } from './pageSelection.ts';

/** Distant logits of one query, of the KV heads `[first, first + count)`. */
export interface WrittenGroup {
  readonly first: number;
  readonly count: number;
  /** `[count, g, n]` */
  readonly logits: Edge;
  /** `[k]` int64: the pages these logits are of; null for all distant tokens. */
  readonly pages: Edge | null;
}

/** Distant logits of one query, and what they were made of. */
export interface WrittenLogits {
  /** Lowest KV head first. */
  readonly groups: readonly WrittenGroup[];
  /** The layer's own keys that were read, `[n, kept, headDim]`; null where all KV heads follow. */
  readonly keys: Edge | null;
  /** `[k]` int64: the pages these keys are of; null where there are none, or all tokens are read. */
  readonly ownPages: Edge | null;
}

/**
 * Makes the distant logits of one query: see `distantLogits`, which does it for a chunk. The bias of a mix is in
 * the logits here.
 *
 * ```
 * own       q ─ (pick pages) ─ QK(their keys) ──────────────────── [count, g, n]
 * follower  leader's logits [heads, n] ─ Gemm(mix, bias) ─ Reshape ─ the same     (share: logits)
 *           q ─ QK(leader's keys) ──────────────────────────────── the same       (share: keys)
 * ```
 * @param queries `[kvHeads, g, headDim]`
 */
export function writtenLogits(
  { graph, model, plan, leaders, pageCount }: AttentionContext,
  layer: number,
  queries: Edge,
  store: StoreInput | null,
  at: string,
): WrittenLogits {
  const { kvHeads, heads } = model;
  const own = ownKvHeads(plan, layer);
  const ownQueries = (): Edge =>
    own.length === kvHeads
      ? queries
      : graph.node('Gather', [queries, graph.shape(own)], { name: `${at}/ownQueries/Gather`, attributes: { axis: 0 } });
  const ownPages =
    store && pageCount
      ? pageSelection(graph, model, plan, { queries: ownQueries(), keys: store, count: pageCount, at: `${at}/pages` })
      : null;
  const keys = store && readStore(graph, plan, store, ownPages, `${at}/keys`);
  const groups = distantRuns(plan, layer).map(({ first, count, kind, leader }, index): WrittenGroup => {
    const place = `${at}/${index}`;
    const product = (keyRows: Edge, from: number, of: number): Edge =>
      operatorsOf(graph).queryKeyProduct(
        graph,
        model,
        headRange(graph, queries, 0, first, count, kvHeads, `${place}/queries`),
        headRange(graph, keyRows, 1, from, count, of, `${place}/keys`),
        place,
      );
    if (kind === 'own') {
      return { first, count, logits: product(keys!, own.indexOf(first), own.length), pages: ownPages };
    }
    const pages = leaders.pages.get(leader) ?? null;
    if (plan.share === 'keys')
      return { first, count, logits: product(leaders.keys.get(leader)!, first, kvHeads), pages };
    const { mix, bias } = mixOf(graph, model, plan, layer, { first, count });
    const mixed = graph.node('Gemm', [mix, leaders.logits.get(leader)!, bias], { name: `${place}/mix/Gemm` });
    const logits = graph.node('Reshape', [mixed, graph.shape([count, heads / kvHeads, -1])], {
      name: `${place}/mix/Reshape`,
    });
    return { first, count, logits, pages };
  });
  return { groups, keys, ownPages };
}
