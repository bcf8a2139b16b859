import type { CachePlan } from '#shared/domain/index.ts';
import { hasDistant } from '../cache/distantRange.ts';
import { isSliding } from '../cache/slidingLayers.ts';
import type { GgufFile } from '../gguf/index.ts';
import type { LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { AttendedWeights } from './attendedMeans.ts';
import type { LeaderStates } from './distantLogits.ts';
import { distantPart } from './distantPart.ts';
import { nearInput } from './farInputs.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { linear, type Precision } from './linear.ts';
import type { NearAttention } from './mergeAttention.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { type Projections, projections } from './projections.ts';
import type { RopeInputs } from './rope.ts';
import { type SlidingContext, slidingAttention } from './slidingAttention.ts';

/** What every layer of a graph shares. */
export interface AttentionContext {
  readonly graph: GraphBuilder;
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  readonly precision: Precision;
  readonly rope: RopeInputs;
  /** Null in models without sliding layers. */
  readonly sliding: SlidingContext | null;
  /** `[g * s, s]`: 0 where a query may look within the chunk, very low where it may not. */
  readonly mask: Edge;
  /** `[2]` int64: near rows and rows of the chunk, `m` and `s`. */
  readonly nearLengths: Edge;
  /** `[1]`: 0, or very low when there is no near token and the near stores feed one empty row. */
  readonly nearBias: Edge;
  /** `[g]` int64: the rows of the chunk's last query among `g * s`. */
  readonly lastRows: Edge;
  /** `[1]`: 0, or very low when there is no distant token and the far stores hold one empty row. */
  readonly distantBias: Edge;
  /** `[1]` bool, the same said in one bit. */
  readonly hasDistantTokens: Edge;
  /** `[1]` int64: pages of distant tokens that a layer reads; null where all are read. */
  readonly pageCount: Edge | null;
  readonly leaders: LeaderStates;
}

export interface AttentionResult {
  /** `[s, hiddenSize]` */
  readonly output: Edge;
  /** The chunk's own rows after RoPE, `[s, kvHeads * headDim]`. */
  readonly keys: Edge;
  readonly values: Edge;
  /** What the chunk's last query attended to: null in a sliding layer. */
  readonly attended: AttendedWeights | null;
  /** The same of a sliding layer, `[kvHeads, g, w + s]`. */
  readonly attendedSliding: Edge | null;
}

/**
 * Attention of one layer: projections, attention by the layer's kind, output projection. The caches are inputs
 * only: the host appends `keys` and `values` itself.
 */
export function attention(
  context: AttentionContext,
  layer: number,
  input: Edge,
  tensors: LayerTensorNames,
): AttentionResult {
  const { graph, gguf, model, plan, precision } = context;
  const at = `/layers.${layer}/attn`;
  const projected = projections(context, layer, input, tensors);
  const sliding = isSliding(plan.shape, layer) ? slidingAttention(context, layer, projected) : null;
  const global = sliding ? null : globalAttention(context, layer, projected);
  const merged = (sliding ?? global!).output;

  const perHead = graph.node('Reshape', [merged, graph.shape([model.heads, -1, model.headDim])], {
    name: `${at}/heads/Reshape`,
  });
  const perToken = graph.node('Transpose', [perHead], {
    name: `${at}/heads/Transpose`,
    attributes: { perm: [1, 0, 2] },
  });
  const rows = graph.node('Reshape', [perToken, graph.shape([-1, model.heads * model.headDim])], {
    name: `${at}/rows/Reshape`,
  });
  graph.tap(`layers.${layer}.attended`, rows, ['s', model.heads * model.headDim]);
  const output = linear(graph, gguf, precision, rows, { name: `${at}/out`, tensors: [tensors.attentionOutput] });
  return {
    output,
    keys: projected.keyRows,
    values: projected.valueRows,
    attended: global?.attended ?? null,
    attendedSliding: sliding?.attended ?? null,
  };
}

/**
 * Attention of a layer that sees the whole text: over near rows, the chunk itself, and distant rows.
 *
 * ```
 * q ─┬─ QK(near keys) ─┬─ Concat ─ Softmax ─ Split ─ PV(near values) + PV(v) ─┐
 *    ├─ QK(k) + mask ──┘                                                      ├─ gate
 *    └─ leader's logits, or QK(distant keys) ─ Softmax ─ PV(distant values) ──┘
 * ```
 * A plan without distant tokens has only the upper half, so that it agrees to the last bit with one
 * whose window covers the text.
 */
function globalAttention(
  context: AttentionContext,
  layer: number,
  { queries, keys, values }: Projections,
): { output: Edge; attended: AttendedWeights } {
  const { graph, plan, lastRows } = context;
  const near = nearAttention(context, layer, queries, keys, values);
  const lastWeights = graph.node('Gather', [near.weights, lastRows], {
    name: `/layers.${layer}/attn/attended/near/Gather`,
    attributes: { axis: 1 },
  });
  const distant = hasDistant(plan) ? distantPart(context, layer, queries, near) : null;
  return {
    output: distant?.output ?? near.output,
    attended: { near: lastWeights, distant: distant?.attended ?? null },
  };
}

/** Attention over near rows and the chunk itself: one softmax, values of both. */
function nearAttention(
  { graph, model, mask, nearLengths, nearBias }: AttentionContext,
  layer: number,
  queries: Edge,
  keys: Edge,
  values: Edge,
): NearAttention {
  const at = `/layers.${layer}/attn/near`;
  const chunkLogits = graph.node(
    'Add',
    [operatorsOf(graph).queryKeyProduct(graph, model, queries, keys, `${at}/chunk`), mask],
    {
      name: `${at}/mask/Add`,
    },
  );
  const nearKeys = nearInput(graph, model, 'nearKeys', layer);
  const nearValues = nearInput(graph, model, 'nearValues', layer);
  const nearLogits = graph.node(
    'Add',
    [operatorsOf(graph).queryKeyProduct(graph, model, queries, nearKeys, at), nearBias],
    {
      name: `${at}/bias/Add`,
    },
  );
  const logits = graph.node('Concat', [nearLogits, chunkLogits], { name: `${at}/Concat`, attributes: { axis: -1 } });
  const weights = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const [nearWeights, chunkWeights] = graph.nodes('Split', [weights, nearLengths], {
    name: `${at}/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const output = graph.node(
    'Add',
    [
      operatorsOf(graph).weightedValues(graph, nearWeights!, nearValues, at),
      operatorsOf(graph).weightedValues(graph, chunkWeights!, values, `${at}/chunk`),
    ],
    { name: `${at}/Add` },
  );
  return { logits, weights, output };
}
