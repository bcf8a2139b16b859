import { dequantize, type WeightSource } from '../gguf/index.ts';

/** Reads a whole tensor as float64, row after row, in the order of the file. */
export function readWeights(weights: WeightSource, name: string): Float64Array {
  const { type, elements } = weights.tensors.get(name)!;
  return Float64Array.from(dequantize(type, weights.readTensor(name), elements));
}
