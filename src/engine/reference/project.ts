import { isSliding } from '../cache/slidingLayers.ts';
import type { WeightSource } from '../gguf/index.ts';
import { layerTensorNames, type ModelDescription } from '../model/index.ts';
import type { Projected } from './attention.ts';
import type { Linear } from './linear.ts';
import { rmsNorm } from './rmsNorm.ts';
import { rotate } from './rotate.ts';
import { type HeadRows, type Rows, splitHeads } from './rows.ts';

/**
 * Queries, keys and values of one layer: projected, cut into heads, where the model wants it normalised
 * head by head, and turned by their positions.
 * @param input `[tokens][hiddenSize]`, normalised
 */
export function project(
  weights: WeightSource,
  model: ModelDescription,
  linear: Linear,
  layer: number,
  input: Rows,
): Projected {
  const names = layerTensorNames(layer);
  const rope = isSliding(model, layer) ? model.slidingRope! : model.rope;
  const raw = projections(weights, model, linear, layer, input);
  const normed = (heads: HeadRows, weight: string): HeadRows =>
    model.queryKeyNorm ? heads.map((token) => rmsNorm(weights, token, weight, model.normEps)) : heads;
  return {
    queries: rotate(weights, model, rope, normed(raw.queries, names.qNorm)),
    keys: rotate(weights, model, rope, normed(raw.keys, names.kNorm)),
    values: raw.values,
  };
}

function projections(
  weights: WeightSource,
  model: ModelDescription,
  linear: Linear,
  layer: number,
  input: Rows,
): Projected {
  const names = layerTensorNames(layer);
  const { heads, kvHeads, headDim } = model;
  if (model.fusedProjections) {
    const all = splitHeads(linear(weights, input, names.qkv, null), headDim);
    const cut = (first: number, count: number): HeadRows => all.map((token) => token.slice(first, first + count));
    return { queries: cut(0, heads), keys: cut(heads, kvHeads), values: cut(heads + kvHeads, kvHeads) };
  }
  const of = (weight: string, bias: string): HeadRows =>
    splitHeads(linear(weights, input, weight, model.qkvBias ? bias : null), headDim);
  return { queries: of(names.q, names.qBias), keys: of(names.k, names.kBias), values: of(names.v, names.vBias) };
}
