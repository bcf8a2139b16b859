import type { AttentionContext } from './attention.ts';
import { type DistantGroup, distantLogits } from './distantLogits.ts';
import type { WayOfAttention } from './globalAttention.ts';
import type { Edge } from './graphBuilder.ts';
import { type LayerRows, readStore } from './layerRows.ts';
import { distantAttention, distantShare } from './mergeAttention.ts';
import { nearAttention, ofLastQuery, tokensFirst } from './nearAttention.ts';
import type { Projections } from './projections.ts';
import { rotatesValues, turnBack } from './rotatedValues.ts';

/**
 * Attention of a chunk of queries that share their distant tokens: what they find at near ones and at distant
 * ones, put together by the gate.
 *
 * ```
 * q ─┬─ QK(near keys) ─┬─ Concat ─ Softmax ─ Split ─ PV(near values) + PV(v) ─┐
 *    ├─ QK(k) + mask ──┘                                                      ├─ gate
 *    └─ leader's logits, or QK(distant keys) ─ Softmax ─ PV(distant values) ──┘
 * ```
 * All distant tokens are read, whatever the plan, since each query looks at other pages. Only a device that cannot
 * choose computes written tokens in this way too, and picks pages for them.
 */
export function readingAttention(
  context: AttentionContext,
  layer: number,
  projected: Projections,
  rows: LayerRows,
): WayOfAttention {
  const { graph, model, plan, leaders, distantBias, lastRows, pageCount, allPages, isOneToken } = context;
  const at = `/layers.${layer}/attn/reading`;
  const near = nearAttention(context, projected, rows, `${at}/near`);
  const selection = pageCount !== null && isOneToken === null ? { pageCount, lastRows } : null;
  const { groups, keys, ownPages } = distantLogits(graph, model, plan, layer, {
    queries: near.queries,
    store: rows.farKeys,
    leaders,
    selection,
    at: `${at}/distant`,
  });
  const read = new Map<Edge | null, Edge>();
  const valuesOf = ({ pages }: DistantGroup): Edge => {
    const values = read.get(pages) ?? readStore(graph, plan, rows.farValues!, pages, `${at}/farValues/${read.size}`);
    read.set(pages, values);
    return values;
  };
  const distant = distantAttention(graph, model, groups, valuesOf, `${at}/distant`);
  const found = rotatesValues(plan) ? turnBack(graph, model.headDim, distant.merged.output, at) : distant.merged.output;
  const share = distantShare(graph, model, near, distant.merged, groups, { at: `${at}/gate`, distantBias });
  const difference = graph.node('Sub', [found, near.output], { name: `${at}/gate/Sub` });
  const scaled = graph.node('Mul', [difference, share], { name: `${at}/gate/Mul` });
  const output = graph.node('Add', [near.output, scaled], { name: `${at}/gate/Add` });
  return {
    rows: tokensFirst(graph, model, output, at),
    attended: attended(context, near.weights, distant.weights, share, at),
    ownPages: plan.select && keys ? (ownPages ?? allPages!) : null,
    shared: (plan.share === 'keys' ? keys : groups[0]?.logits) ?? null,
  };
}

/** Weights of the last query, each part scaled by its share. */
function attended(
  { graph, lastRows }: AttentionContext,
  near: Edge,
  distant: readonly Edge[],
  share: Edge,
  at: string,
): Edge {
  const last = (edge: Edge, name: string): Edge => ofLastQuery(graph, edge, lastRows, `${at}/${name}`);
  const lastShare = last(share, 'share');
  const parts = distant.map((edge, index) => last(edge, `distant/${index}`));
  const weights =
    parts.length === 1
      ? parts[0]!
      : graph.node('Concat', parts, { name: `${at}/distant/attended/Concat`, attributes: { axis: 0 } });
  const nearShare = graph.node('Sub', [graph.scalar(1), lastShare], { name: `${at}/attended/nearShare/Sub` });
  const scaled = [
    graph.node('Mul', [last(near, 'near'), nearShare], { name: `${at}/attended/near/Mul` }),
    graph.node('Mul', [weights, lastShare], { name: `${at}/attended/distant/Mul` }),
  ];
  return graph.node('Concat', scaled, { name: `${at}/attended/Concat`, attributes: { axis: -1 } });
}
