import type { CachePlan } from '#shared/domain/index.ts';
import { dequantize, type WeightSource } from '../gguf/index.ts';
import { layerTensorNames, type ModelDescription, tensorNames } from '../model/index.ts';
import { attention } from './attention.ts';
import type { LayerAttention } from './attentionLogits.ts';
import { gatedMlp } from './gatedMlp.ts';
import { linear as exactLinear, type Linear } from './linear.ts';
import { project } from './project.ts';
import { rmsNorm } from './rmsNorm.ts';
import { addRows, joinHeads, type Rows } from './rows.ts';

export interface ReferenceResult {
  /** `[tokens][vocabSize]`: the prediction after each token. */
  readonly logits: Rows;
  /**
   * Inner values under the names of the graph's taps, `[tokens][width]`: `layers.N.q` and `.k` after
   * RoPE, `.v`, `.attended` before the output projection, `.mlp` before it joins the stream.
   */
  readonly taps: ReadonlyMap<string, Rows>;
  /** Head means of each layer's attention weights, `[layers][tokens][position + 1]`. */
  readonly attention: readonly Rows[];
}

export interface ReferenceOptions {
  /** Computes linear layers, to tell what another precision does to all else. @default float64, nothing rounded */
  readonly linear?: Linear;
}

/**
 * The decoder written to be read: what the graphs must agree with, for every architecture, under any plan.
 *
 * Goes layer by layer over all tokens at once, with float64 sums, and knows neither chunks nor stores:
 * a plan says only which rows count as distant for which query, and what stands in for their keys.
 * Weights are read anew for each layer. Logits of all layers stay in memory, `heads * tokens^2` numbers
 * for each, so it is for texts of some hundred tokens.
 * @param plan as `checkPlan` accepts it
 * @param ids tokens of the vocabulary, from position 0
 */
export function referenceForward(
  weights: WeightSource,
  model: ModelDescription,
  plan: CachePlan,
  ids: readonly number[],
  { linear = exactLinear }: ReferenceOptions = {},
): ReferenceResult {
  const taps = new Map<string, Rows>();
  const layers: (LayerAttention & { weights: Rows })[] = [];
  let stream = embed(weights, model, ids);
  for (let layer = 0; layer < model.layers; layer++) {
    const tensors = layerTensorNames(layer);
    const normed = rmsNorm(weights, stream, tensors.attentionNorm, model.normEps);
    const projected = project(weights, model, linear, layer, normed);
    const { queries, keys, values } = projected;
    const attended = attention(model, plan, layer, projected, layers);
    layers.push(attended);
    const rows = joinHeads(attended.output);
    const branch = (of: Rows, weight: string): Rows =>
      model.branchNorms ? rmsNorm(weights, of, weight, model.normEps) : of;
    stream = addRows(stream, branch(linear(weights, rows, tensors.attentionOutput, null), tensors.attentionBranchNorm));

    const inner = rmsNorm(weights, stream, tensors.ffnNorm, model.normEps);
    const mlp = branch(gatedMlp(weights, model, linear, inner, tensors), tensors.ffnBranchNorm);
    stream = addRows(stream, mlp);

    taps.set(`layers.${layer}.q`, joinHeads(queries));
    taps.set(`layers.${layer}.k`, joinHeads(keys));
    taps.set(`layers.${layer}.v`, joinHeads(values));
    taps.set(`layers.${layer}.attended`, rows);
    taps.set(`layers.${layer}.mlp`, mlp);
  }
  const normed = rmsNorm(weights, stream, tensorNames.outputNorm, model.normEps);
  const head = model.tiedEmbeddings ? tensorNames.tokenEmbedding : tensorNames.output;
  const logits = linear(weights, normed, head, null);
  return { logits, taps, attention: layers.map(({ weights }) => weights) };
}

/** Looks up one row for each token, and scales it as the model wants: `[tokens][hiddenSize]`. */
function embed(weights: WeightSource, { hiddenSize, embeddingScale }: ModelDescription, ids: readonly number[]): Rows {
  const { type } = weights.tensors.get(tensorNames.tokenEmbedding)!;
  return ids.map((id) =>
    Float64Array.from(dequantize(type, weights.readRows(tensorNames.tokenEmbedding, id, 1), hiddenSize)).map(
      (value) => value * embeddingScale,
    ),
  );
}
