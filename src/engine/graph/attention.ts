import type { CachePlan } from '#shared/domain/index.ts';
import { isSliding } from '../cache/slidingLayers.ts';
import type { WeightSource } from '../gguf/index.ts';
import type { LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { AttendedWeights } from './attendedMeans.ts';
import type { LeaderStates } from './distantLogits.ts';
import { globalAttention } from './globalAttention.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { linear, type Precision } from './linear.ts';
import { projections } from './projections.ts';
import type { RopeInputs } from './rope.ts';
import { type SlidingContext, slidingAttention } from './slidingAttention.ts';

/** What every layer of a graph shares. */
export interface AttentionContext {
  readonly graph: GraphBuilder;
  readonly weights: WeightSource;
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  readonly precision: Precision;
  readonly rope: RopeInputs;
  /** Null in models without sliding layers. */
  readonly sliding: SlidingContext | null;
  /** `[g * s, s]`: 0 where a query may look within the chunk, very low where it may not. */
  readonly mask: Edge;
  /** `[2]` int64: near rows and rows of the chunk, `m` and `s`; before them packed near rows, `p`, where the plan has such. */
  readonly nearLengths: Edge;
  /** `[3]` int64: the same, and distant tokens that a layer reads: `m`, `s` and `n`, with `p` before them. */
  readonly partLengths: Edge;
  /** `[2]` int64: `m` and `s` alone, for texts that have nothing packed yet. */
  readonly floatLengths: Edge;
  /** `[1]`: 0, or very low when there is no near token and the near stores feed one empty row. */
  readonly nearBias: Edge;
  /** `[1]`: the same of packed near rows; null where the plan has none. */
  readonly packedBias: Edge | null;
  /** `[g]` int64: the rows of the chunk's last query among `g * s`. */
  readonly lastRows: Edge;
  /** `[1]`: 0, or very low when there is no distant token and the far stores hold one empty row. */
  readonly distantBias: Edge;
  /** `[1]` bool, the same said in one bit. */
  readonly hasDistantTokens: Edge;
  /** `[1]` bool: whether the chunk is one token; null where a graph cannot choose by it. */
  readonly isOneToken: Edge | null;
  /** `[1]` int64: pages of distant tokens that a layer reads; null where all are read. */
  readonly pageCount: Edge | null;
  /** `[k]` int64: the numbers of all pages, in order; null where pages are not told apart. */
  readonly allPages: Edge | null;
  readonly leaders: LeaderStates;
}

export interface AttentionResult {
  /** `[s, hiddenSize]` */
  readonly output: Edge;
  /** The chunk's own rows after RoPE, `[s, kvHeads, headDim]`. */
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
  const { graph, weights, model, plan, precision } = context;
  const projected = projections(context, layer, input, tensors);
  const sliding = isSliding(plan.shape, layer) ? slidingAttention(context, layer, projected) : null;
  const global = sliding ? null : globalAttention(context, layer, projected);
  const { rows } = (sliding ?? global)!;
  graph.tap(`layers.${layer}.attended`, rows, ['s', model.heads * model.headDim]);
  const output = linear(graph, weights, precision, rows, {
    name: `/layers.${layer}/attn/out`,
    tensors: [tensors.attentionOutput],
  });
  return {
    output,
    keys: projected.keys,
    values: projected.values,
    attended: global && { weights: global.attended, pages: global.pages },
    attendedSliding: sliding?.attended ?? null,
  };
}
