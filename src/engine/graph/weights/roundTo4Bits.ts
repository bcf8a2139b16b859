import { dequantize, type GgufFile } from '../../gguf/index.ts';
import type { PackedMatrix } from './packMatrix.ts';

const BLOCK_ELEMENTS = 32;

/** Rows that are unpacked at a time: a whole output matrix in float32 would take half a gibibyte. */
const SLAB_ROWS = 4096;

/**
 * Rounds a matrix to 4 bits, whatever its type: blocks of 32 along a row with one scale, chosen so
 * that the block's largest element is hit exactly. Coarse; for matrices whose result is
 * refined afterwards.
 */
export function roundTo4Bits(gguf: GgufFile, tensor: string): PackedMatrix {
  const { type, shape } = gguf.tensors.get(tensor)!;
  const columns = shape[0]!;
  const rows = shape[1]!;
  const quantised = new Uint8Array((rows * columns) / 2);
  const scales = new Float32Array((rows * columns) / BLOCK_ELEMENTS);
  for (let row = 0; row < rows; row += SLAB_ROWS) {
    const count = Math.min(SLAB_ROWS, rows - row);
    const values = dequantize(type, gguf.readRows(tensor, row, count), count * columns);
    const firstBlock = (row * columns) / BLOCK_ELEMENTS;
    for (let block = 0; block < values.length / BLOCK_ELEMENTS; block++) {
      const part = values.subarray(block * BLOCK_ELEMENTS, (block + 1) * BLOCK_ELEMENTS);
      scales[firstBlock + block] = roundBlock(part, quantised, ((firstBlock + block) * BLOCK_ELEMENTS) / 2);
    }
  }
  return { rows, columns, bits: 4, blockElements: BLOCK_ELEMENTS, quantised, scales, zeroPoints: null, residues: null };
}

/** Writes the block's integers, of which 8 stands for zero, and returns its scale. */
function roundBlock(values: Float32Array, target: Uint8Array, at: number): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  const scale = largest / -8;
  const integer = (value: number): number => (scale === 0 ? 8 : Math.min(15, Math.round(value / scale) + 8));
  for (let pair = 0; pair < values.length / 2; pair++) {
    target[at + pair] = integer(values[2 * pair]!) | (integer(values[2 * pair + 1]!) << 4);
  }
  return scale;
}
