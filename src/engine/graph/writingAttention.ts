import { packedNearTokens } from '../cache/distantRange.ts';
import type { AttentionContext } from './attention.ts';
import { headRange, isFollowed } from './distantLogits.ts';
import type { WayOfAttention } from './globalAttention.ts';
import type { Edge } from './graphBuilder.ts';
import { type LayerRows, readStore } from './layerRows.ts';
import { nearRows } from './nearAttention.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import type { Projections } from './projections.ts';
import { rotatesValues, turnBack } from './rotatedValues.ts';
import { type WrittenGroup, writtenLogits } from './writtenLogits.ts';

/**
 * Attention of one query, where there are distant tokens: its logits are few enough to be put side by side,
 * so that one softmax does and no gate is needed.
 *
 * ```
 * q ─┬─ QK(near keys) ───────────────────────┐
 *    ├─ QK(k) ───────────────────────────────┼─ Concat ─ Softmax ─ Split ─┬─ PV(near values) ────┐
 *    └─ leader's logits, or QK(distant keys) ┘                            ├─ PV(v) ──────────────┼─ Sum
 *                                                                         └─ PV(distant values) ─┘
 * ```
 * Distant keys and values are those of the pages that were picked, where the plan selects any. Near rows that are
 * packed are a part of their own beside those in float32.
 */
export function writingAttention(
  context: AttentionContext,
  layer: number,
  { query, keys, values }: Projections,
  rows: LayerRows,
): WayOfAttention {
  const { graph, model, plan, partLengths } = context;
  const { heads, kvHeads, headDim } = model;
  const operators = operatorsOf(graph);
  const at = `/layers.${layer}/attn/writing`;
  const queries = graph.node('Reshape', [query, graph.shape([kvHeads, heads / kvHeads, headDim])], {
    name: `${at}/q/Reshape`,
  });
  const { groups, keys: ownKeys, ownPages } = writtenLogits(context, layer, queries, rows.farKeys, `${at}/distant`);
  const near = nearRows(context, rows, `${at}/near`);
  const nearLogits = near.map((part) => {
    const logits = operators.queryKeyProduct(graph, model, queries, part.keys, part.at);
    // Only where no float32 row is kept, the first token of a block finds an empty row there.
    if (plan.sinkTokens + plan.windowTokens > packedNearTokens(plan)) return logits;
    return graph.node('Add', [logits, part.bias], { name: `${part.at}/bias/Add` });
  });
  const distantLogits = joined(
    context,
    groups.map(({ logits }) => logits),
    `${at}/distant/logits`,
  );
  const logits = graph.node(
    'Concat',
    [...nearLogits, operators.queryKeyProduct(graph, model, queries, keys, `${at}/token`), distantLogits],
    { name: `${at}/Concat`, attributes: { axis: -1 } },
  );
  const weights = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const parts = graph.nodes('Split', [weights, partLengths], {
    name: `${at}/Split`,
    outputs: near.length + 2,
    attributes: { axis: -1 },
  });
  const [ownWeight, distantWeights] = parts.slice(near.length);
  const distant = distantValues(context, groups, distantWeights!, rows, at);
  const output = operators.sum(
    graph,
    [
      ...near.map((part, index) => operators.weightedValues(graph, parts[index]!, part.values, part.at)),
      operators.weightedValues(graph, ownWeight!, values, `${at}/token`),
      rotatesValues(plan) ? turnBack(graph, headDim, distant, at) : distant,
    ],
    `${at}/Sum`,
  );
  return {
    rows: graph.node('Reshape', [output, graph.shape([1, heads * headDim])], { name: `${at}/rows/Reshape` }),
    attended: weights,
    ownPages,
    shared: isFollowed(plan, layer)
      ? plan.share === 'keys'
        ? ownKeys!
        : sharedLogits(context, distantLogits, at)
      : null,
  };
}

/** All heads' logits as the rows of a matrix, which is how followers mix them. */
const sharedLogits = ({ graph, model }: AttentionContext, logits: Edge, at: string): Edge =>
  graph.node('Reshape', [logits, graph.shape([model.heads, -1])], { name: `${at}/shared/Reshape` });

/** Puts KV heads together. */
function joined({ graph }: AttentionContext, parts: readonly Edge[], at: string): Edge {
  return parts.length === 1
    ? parts[0]!
    : graph.node('Concat', parts, { name: `${at}/Concat`, attributes: { axis: 0 } });
}

/** Sums of the values of distant tokens, `[kvHeads, g, headDim]`. */
function distantValues(
  context: AttentionContext,
  groups: readonly WrittenGroup[],
  weights: Edge,
  rows: LayerRows,
  at: string,
): Edge {
  const { graph, model, plan } = context;
  const lengths = graph.shape(groups.map(({ count }) => count));
  const parts =
    groups.length === 1
      ? [weights]
      : graph.nodes('Split', [weights, lengths], {
          name: `${at}/distant/Split`,
          outputs: groups.length,
          attributes: { axis: 0 },
        });
  const read = new Map<Edge | null, Edge>();
  const sums = groups.map(({ first, count, pages }, index) => {
    const place = `${at}/distant/${index}`;
    const all = read.get(pages) ?? readStore(graph, plan, rows.farValues!, pages, `${place}/values`);
    read.set(pages, all);
    return operatorsOf(graph).weightedValues(
      graph,
      parts[index]!,
      headRange(graph, all, 1, first, count, model.kvHeads, `${place}/heads`),
      place,
    );
  });
  return joined(context, sums, `${at}/distant/sums`);
}
