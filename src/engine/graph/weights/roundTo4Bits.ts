import { dequantize, type WeightSource } from '../../gguf/index.ts';
import type { PackedMatrix } from './packMatrix.ts';

/**
 * Elements with one scale, the largest that divides a row. Those of 128 take a third less memory than those of 32 as
 * the runtime keeps them, and picked as well in 200 steps each of the default model and of Gemma 3 270M.
 */
const BLOCK_ELEMENTS = [128, 32] as const;

/** Rows that are unpacked at a time: a whole output matrix in float32 would take half a gibibyte. */
const SLAB_ROWS = 4096;

/**
 * Rounds a matrix to 4 bits, whatever its type: blocks along a row with one scale, chosen so
 * that the block's largest element is hit exactly. Coarse; for matrices whose result is
 * refined afterwards.
 */
export function roundTo4Bits(weights: WeightSource, tensor: string): PackedMatrix {
  const { type, shape } = weights.tensors.get(tensor)!;
  const columns = shape[0]!;
  const rows = shape[1]!;
  const blockElements = BLOCK_ELEMENTS.find((elements) => columns % elements === 0)!;
  const quantised = new Uint8Array((rows * columns) / 2);
  const scales = new Float32Array((rows * columns) / blockElements);
  for (let row = 0; row < rows; row += SLAB_ROWS) {
    const count = Math.min(SLAB_ROWS, rows - row);
    const values = dequantize(type, weights.readRows(tensor, row, count), count * columns);
    const firstBlock = (row * columns) / blockElements;
    for (let block = 0; block < values.length / blockElements; block++) {
      const from = block * blockElements;
      scales[firstBlock + block] = roundBlock(values, from, blockElements, quantised, (row * columns + from) / 2);
    }
  }
  return { rows, columns, bits: 4, blockElements, quantised, scales, zeroPoints: null, residues: null };
}

/**
 * Writes the integers of the `elements` from `from` on, of which 8 stands for zero, and returns its scale. Plain
 * loops: a quarter of a billion elements pass here while a model loads.
 */
function roundBlock(values: Float32Array, from: number, elements: number, target: Uint8Array, at: number): number {
  let largest = 0;
  let size = 0;
  for (let i = from; i < from + elements; i++) {
    const value = values[i]!;
    const magnitude = value < 0 ? -value : value;
    if (magnitude > size) {
      size = magnitude;
      largest = value;
    }
  }
  const scale = largest / -8;
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let pair = 0; pair < elements / 2; pair++) {
    // Adding 8.5 and cutting off rounds to nearest: what is cut is never negative.
    const low = (values[from + 2 * pair]! * inverse + 8.5) | 0;
    const high = (values[from + 2 * pair + 1]! * inverse + 8.5) | 0;
    target[at + pair] = (low > 15 ? 15 : low) | ((high > 15 ? 15 : high) << 4);
  }
  return scale;
}
