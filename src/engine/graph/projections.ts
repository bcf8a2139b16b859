import { isSliding } from '../cache/slidingLayers.ts';
import type { LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { AttentionContext } from './attention.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { type LinearOptions, linear, readFloats } from './linear.ts';
import { rope } from './rope.ts';

/** Queries and keys after RoPE, and values. */
export interface Projections {
  /** `[s, heads, headDim]` */
  readonly query: Edge;
  /** `[s, kvHeads, headDim]` */
  readonly keys: Edge;
  readonly values: Edge;
}

/**
 * Projects a chunk's rows.
 *
 * ```
 * x ─ qkv ─ Split ─┬─ q and k ─ (norm of each head) ─ RoPE ─ Split ─┬─ q
 *                  └─ v                                             └─ k
 * ```
 */
export function projections(
  context: AttentionContext,
  layer: number,
  input: Edge,
  tensors: LayerTensorNames,
): Projections {
  const { graph, weights, model, precision } = context;
  const { heads, kvHeads, headDim } = model;
  const at = `/layers.${layer}/attn`;
  const kvSize = kvHeads * headDim;
  const stacked = linear(graph, weights, precision, input, { name: `${at}/qkv`, ...qkvTensors(model, tensors) });
  const [turning, valueRows] = graph.nodes('Split', [stacked, graph.shape([(heads + kvHeads) * headDim, kvSize])], {
    name: `${at}/qkv/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const normed = model.queryKeyNorm ? headNorm(context, turning!, tensors, `${at}/headNorm`) : turning!;
  const flat = graph.node('Reshape', [normed, graph.shape([1, -1, (heads + kvHeads) * headDim])], {
    name: `${at}/rope/Reshape`,
  });
  const ropeOf = isSliding(model, layer) ? context.sliding!.rope : context.rope;
  const turned = rope(graph, model, flat, ropeOf, { name: `${at}/rope/RotaryEmbedding`, heads: heads + kvHeads });
  const byHead = graph.node('Reshape', [turned, graph.shape([-1, heads + kvHeads, headDim])], {
    name: `${at}/rope/heads/Reshape`,
  });
  const [query, keys] = graph.nodes('Split', [byHead, graph.shape([heads, kvHeads])], {
    name: `${at}/rope/Split`,
    outputs: 2,
    attributes: { axis: 1 },
  });
  const values = graph.node('Reshape', [valueRows!, graph.shape([-1, kvHeads, headDim])], { name: `${at}/v/Reshape` });
  graph.tap(`layers.${layer}.q`, query!, ['s', heads, headDim]);
  graph.tap(`layers.${layer}.k`, keys!, ['s', kvHeads, headDim]);
  graph.tap(`layers.${layer}.v`, values, ['s', kvHeads, headDim]);
  return { query: query!, keys: keys!, values };
}

/**
 * Puts queries head by head.
 * @param query `[s, heads, headDim]`
 * @returns `[kvHeads, g * s, headDim]`
 */
export function headsFirst(
  graph: GraphBuilder,
  { kvHeads, headDim }: Pick<AttentionContext['model'], 'kvHeads' | 'headDim'>,
  query: Edge,
  at: string,
): Edge {
  const byHead = graph.node('Transpose', [query], { name: `${at}/Transpose`, attributes: { perm: [1, 0, 2] } });
  return graph.node('Reshape', [byHead, graph.shape([kvHeads, -1, headDim])], { name: `${at}/Reshape` });
}

function qkvTensors(model: ModelDescription, tensors: LayerTensorNames): Pick<LinearOptions, 'tensors' | 'biases'> {
  if (model.fusedProjections) return { tensors: [tensors.qkv] };
  return {
    tensors: [tensors.q, tensors.k, tensors.v],
    ...(model.qkvBias && { biases: [tensors.qBias, tensors.kBias, tensors.vBias] }),
  };
}

/**
 * RMS norm of each head of q and k, with one weight for all heads of q and one for all of k. Both go
 * through one operator whose own weight is 1, so that q and k need not be parted and joined again.
 * @returns `[s, heads + kvHeads, headDim]`
 */
function headNorm(
  { graph, weights, model }: AttentionContext,
  input: Edge,
  tensors: LayerTensorNames,
  at: string,
): Edge {
  const { heads, kvHeads, headDim } = model;
  const byHead = graph.node('Reshape', [input, graph.shape([-1, heads + kvHeads, headDim])], { name: `${at}/Reshape` });
  const ones = graph.sharedConstant('/headNorm/ones', 'float32', [headDim], () => new Float32Array(headDim).fill(1));
  const normed = graph.node('SimplifiedLayerNormalization', [byHead, ones], {
    name: `${at}/norm`,
    attributes: { axis: -1, epsilon: { float: model.normEps }, stash_type: 1 },
  });
  const gains = new Float32Array((heads + kvHeads) * headDim);
  const queryWeight = readFloats(weights, tensors.qNorm);
  const keyWeight = readFloats(weights, tensors.kNorm);
  for (let head = 0; head < heads + kvHeads; head++) {
    gains.set(head < heads ? queryWeight : keyWeight, head * headDim);
  }
  const weight = graph.constant(`${at}/weight`, 'float32', [heads + kvHeads, headDim], gains);
  return graph.node('Mul', [normed, weight], { name: `${at}/Mul` });
}
