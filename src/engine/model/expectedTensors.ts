import type { ModelDescription } from './modelDescription.ts';
import { layerTensorNames, tensorNames } from './tensorNames.ts';

/** A tensor that a model of this description must have. */
export interface ExpectedTensor {
  readonly name: string;
  /** In ggml's order, as `GgufTensor.shape`. */
  readonly shape: readonly number[];
}

/** Lists every tensor that the computation reads, in the order in which it does. */
export function expectedTensors(model: ModelDescription): readonly ExpectedTensor[] {
  const { hiddenSize, ffnSize, vocabSize, headDim } = model;
  const qSize = model.heads * headDim;
  const kvSize = model.kvHeads * headDim;
  const tensors: ExpectedTensor[] = [{ name: tensorNames.tokenEmbedding, shape: [hiddenSize, vocabSize] }];
  if (model.ropeFactors) tensors.push({ name: tensorNames.ropeFactors, shape: [model.ropeDims / 2] });
  for (let layer = 0; layer < model.layers; layer++) {
    const names = layerTensorNames(layer);
    tensors.push(
      { name: names.attentionNorm, shape: [hiddenSize] },
      { name: names.q, shape: [hiddenSize, qSize] },
      { name: names.k, shape: [hiddenSize, kvSize] },
      { name: names.v, shape: [hiddenSize, kvSize] },
    );
    if (model.qkvBias) {
      tensors.push(
        { name: names.qBias, shape: [qSize] },
        { name: names.kBias, shape: [kvSize] },
        { name: names.vBias, shape: [kvSize] },
      );
    }
    tensors.push(
      { name: names.attentionOutput, shape: [qSize, hiddenSize] },
      { name: names.ffnNorm, shape: [hiddenSize] },
      { name: names.gate, shape: [hiddenSize, ffnSize] },
      { name: names.up, shape: [hiddenSize, ffnSize] },
      { name: names.down, shape: [ffnSize, hiddenSize] },
    );
  }
  tensors.push({ name: tensorNames.outputNorm, shape: [hiddenSize] });
  if (!model.tiedEmbeddings) tensors.push({ name: tensorNames.output, shape: [hiddenSize, vocabSize] });
  return tensors;
}
