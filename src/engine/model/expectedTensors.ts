import type { ModelDescription } from './modelDescription.ts';
import { type LayerTensorNames, layerTensorNames, tensorNames } from './tensorNames.ts';

/** A tensor that a model of this description must have. */
export interface ExpectedTensor {
  readonly name: string;
  /** In ggml's order, as `GgufTensor.shape`. */
  readonly shape: readonly number[];
}

/** Lists every tensor that the computation reads, in the order in which it does. */
export function expectedTensors(model: ModelDescription): readonly ExpectedTensor[] {
  const { hiddenSize, vocabSize, rope, layers } = model;
  const tensors: ExpectedTensor[] = [{ name: tensorNames.tokenEmbedding, shape: [hiddenSize, vocabSize] }];
  if (rope.factors) tensors.push({ name: rope.factors, shape: [model.ropeDims / 2] });
  for (let layer = 0; layer < layers; layer++) {
    tensors.push(...attentionTensors(model, layerTensorNames(layer)), ...mlpTensors(model, layerTensorNames(layer)));
  }
  tensors.push({ name: tensorNames.outputNorm, shape: [hiddenSize] });
  if (!model.tiedEmbeddings) tensors.push({ name: tensorNames.output, shape: [hiddenSize, vocabSize] });
  return tensors;
}

function attentionTensors(model: ModelDescription, names: LayerTensorNames): ExpectedTensor[] {
  const { hiddenSize, headDim } = model;
  const qSize = model.heads * headDim;
  const kvSize = model.kvHeads * headDim;
  const tensors: ExpectedTensor[] = [{ name: names.attentionNorm, shape: [hiddenSize] }];
  if (model.fusedProjections) tensors.push({ name: names.qkv, shape: [hiddenSize, qSize + 2 * kvSize] });
  else {
    tensors.push(
      { name: names.q, shape: [hiddenSize, qSize] },
      { name: names.k, shape: [hiddenSize, kvSize] },
      { name: names.v, shape: [hiddenSize, kvSize] },
    );
  }
  if (model.qkvBias) {
    tensors.push(
      { name: names.qBias, shape: [qSize] },
      { name: names.kBias, shape: [kvSize] },
      { name: names.vBias, shape: [kvSize] },
    );
  }
  if (model.queryKeyNorm) {
    tensors.push({ name: names.qNorm, shape: [headDim] }, { name: names.kNorm, shape: [headDim] });
  }
  tensors.push({ name: names.attentionOutput, shape: [qSize, hiddenSize] });
  if (model.branchNorms) tensors.push({ name: names.attentionBranchNorm, shape: [hiddenSize] });
  return tensors;
}

function mlpTensors(model: ModelDescription, names: LayerTensorNames): ExpectedTensor[] {
  const { hiddenSize, ffnSize } = model;
  const tensors: ExpectedTensor[] = [{ name: names.ffnNorm, shape: [hiddenSize] }];
  if (model.fusedProjections) tensors.push({ name: names.up, shape: [hiddenSize, 2 * ffnSize] });
  else
    tensors.push({ name: names.gate, shape: [hiddenSize, ffnSize] }, { name: names.up, shape: [hiddenSize, ffnSize] });
  tensors.push({ name: names.down, shape: [ffnSize, hiddenSize] });
  if (model.branchNorms) tensors.push({ name: names.ffnBranchNorm, shape: [hiddenSize] });
  return tensors;
}
