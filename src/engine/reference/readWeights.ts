import { dequantize, type GgufFile } from '../gguf/index.ts';

/** Reads a whole tensor as float64, row after row, in the order of the file. */
export function readWeights(gguf: GgufFile, name: string): Float64Array {
  const { type, elements } = gguf.tensors.get(name)!;
  return Float64Array.from(dequantize(type, gguf.readTensor(name), elements));
}
