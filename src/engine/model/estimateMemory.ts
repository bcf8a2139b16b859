import type { GgufFile } from '../gguf/index.ts';
import { expectedTensors } from './expectedTensors.ts';
import type { ModelDescription } from './modelDescription.ts';

/** What running a model would take, before anything but the header has been read. */
export interface MemoryEstimate {
  /** The tensors as they lie in the file. */
  readonly weightBytes: number;
  /**
   * The same with every matrix at 8 bits and one float32 scale for each 32 elements: the larger
   * of the two forms in which weights are given to the runtime, and the one an adapter leaves them in.
   */
  readonly int8WeightBytes: number;
  /** Keys and values that one more token adds, float32; layers that slide add none once their window is full. */
  readonly denseBytesPerToken: number;
  /** The same in float16. */
  readonly denseFp16BytesPerToken: number;
}

const INT8_BYTES_PER_ELEMENT = 1 + 4 / 32;

/** Reads nothing but the tensor list. */
export function estimateMemory(gguf: GgufFile, model: ModelDescription): MemoryEstimate {
  let weightBytes = 0;
  let int8WeightBytes = 0;
  for (const { name } of expectedTensors(model)) {
    const tensor = gguf.tensors.get(name);
    if (!tensor) continue;
    weightBytes += tensor.byteLength;
    int8WeightBytes += tensor.elements * (tensor.shape.length > 1 ? INT8_BYTES_PER_ELEMENT : 4);
  }
  const growingLayers = model.layers - (model.sliding?.layers.length ?? 0);
  const elementsPerToken = 2 * growingLayers * model.kvHeads * model.headDim;
  return {
    weightBytes,
    int8WeightBytes,
    denseBytesPerToken: elementsPerToken * 4,
    denseFp16BytesPerToken: elementsPerToken * 2,
  };
}
