import type { CachePlan } from '#shared/domain/index.ts';
import { keepsDistant } from '../cache/distantRange.ts';
import type { AttentionContext } from './attention.ts';
import { distantRuns, isFollowed } from './distantLogits.ts';
import { emptyFloats, emptyIntegers } from './emptyTensors.ts';
import type { Edge } from './graphBuilder.ts';
import { type LayerRows, layerRows, ownKvHeads } from './layerRows.ts';
import { nearAttention, ofLastQuery, tokensFirst } from './nearAttention.ts';
import type { ElementType } from './onnxSchema.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import type { Projections } from './projections.ts';
import { readingAttention } from './readingAttention.ts';
import { writingAttention } from './writingAttention.ts';

/** What one of the ways of attention gives out. */
export interface WayOfAttention {
  /** `[s, heads * headDim]` */
  readonly rows: Edge;
  /**
   * What the chunk's last query attended to: near rows, packed ones first, the chunk, and the distant tokens that
   * were read, of all of which each head's weights add up to 1. `[kvHeads, g, p + m + s + n]`
   */
  readonly attended: Edge;
  /** `[k]` int64: the pages that KV heads with keys of their own read; null where none has, or the plan selects none. */
  readonly ownPages: Edge | null;
  /** What followers of this layer take; null where there are none. */
  readonly shared: Edge | null;
}

/** What a layer that sees the whole text gives out, in whichever way it was computed. */
export interface GlobalAttention extends Pick<WayOfAttention, 'rows' | 'attended'> {
  /** `[k]` int64 of each run of KV heads: the pages its distant weights are of; none where they are of all tokens. */
  readonly pages: readonly Edge[];
}

/**
 * Attention of a layer that sees the whole text, in the cheapest of three ways:
 *
 * ```
 * no token is distant     one softmax over near rows and the chunk
 * one query               one softmax over near rows, the token itself and distant rows
 * a chunk of queries      two softmaxes and the gate that merges them, so that no large matrix is copied
 * ```
 * A plan without distant tokens has the first alone, so that it agrees to the last bit with one whose window
 * covers the text; a device that cannot choose while a graph runs has the last alone.
 */
export function globalAttention(context: AttentionContext, layer: number, projected: Projections): GlobalAttention {
  const { graph, plan, leaders, hasDistantTokens, isOneToken } = context;
  const rows = layerRows(graph, plan, layer);
  if (!keepsDistant(plan)) return { ...nearAlone(context, layer, projected, rows), pages: [] };
  const at = `/layers.${layer}/attn`;
  const shares = isFollowed(plan, layer) ? plan.share : null;
  const types: ElementType[] = [
    'float32',
    'float32',
    ...(picksPages(plan, layer) ? ['int64' as const] : []),
    ...(shares === null ? [] : ['float32' as const]),
  ];
  const edges = (way: typeof nearAlone) => (): Edge[] => {
    const found = way(context, layer, projected, rows);
    return [found.rows, found.attended, found.ownPages, shares === null ? null : found.shared].filter(
      (edge) => edge !== null,
    );
  };
  const operators = operatorsOf(graph);
  const someDistant = (): readonly Edge[] =>
    isOneToken === null
      ? edges(readingAttention)()
      : operators.onlyIf(
          graph,
          isOneToken,
          types,
          { then: edges(writingAttention), otherwise: edges(readingAttention) },
          `${at}/writing/If`,
        );
  const [output, attended, ...others] = operators.onlyIf(
    graph,
    hasDistantTokens,
    types,
    { then: someDistant, otherwise: edges(nearAlone) },
    `${at}/If`,
  );
  const ownPages = picksPages(plan, layer) ? others[0]! : null;
  if (shares !== null) {
    leaders[shares].set(layer, others.at(-1)!);
    if (ownPages !== null) leaders.pages.set(layer, ownPages);
  }
  const pages = plan.select
    ? distantRuns(plan, layer).map(({ kind, leader }) => (kind === 'own' ? ownPages! : leaders.pages.get(leader)!))
    : [];
  return { rows: output!, attended: attended!, pages };
}

/** Whether KV heads of a layer have keys of their own to pick pages by. */
const picksPages = (plan: CachePlan, layer: number): boolean =>
  plan.select !== undefined && ownKvHeads(plan, layer).length > 0;

/** The way of a text that has no distant token, or of a plan that has none. */
function nearAlone(context: AttentionContext, layer: number, projected: Projections, rows: LayerRows): WayOfAttention {
  const { graph, model, plan, lastRows } = context;
  const at = `/layers.${layer}/attn/near`;
  // Nothing is packed before there are distant tokens.
  const { weights, output } = nearAttention(context, projected, { ...rows, packed: null }, at);
  return {
    rows: tokensFirst(graph, model, output, at),
    attended: ofLastQuery(graph, weights, lastRows, at),
    ownPages: picksPages(plan, layer) ? emptyIntegers(graph) : null,
    shared: isFollowed(plan, layer) ? emptyFloats(graph, [0, model.kvHeads, model.headDim]) : null,
  };
}
