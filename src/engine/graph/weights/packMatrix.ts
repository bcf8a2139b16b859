import { dequantize, type GgmlType } from '../../gguf/index.ts';
import { blockTypeOf, type IntegerBlocks, integerBlocks } from './integerBlocks.ts';
import { requantiseTo8Bits } from './requantiseTo8Bits.ts';

/** A matrix as the operator `MatMulNBits` of ONNX Runtime takes it, `[rows, columns]` in blocks along a row. */
export interface PackedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bits: 4 | 8;
  readonly blockElements: 16 | 32 | 128;
  /** `[rows, columns / blockElements, blockElements * bits / 8]`; at 4 bits the even element is the low nibble. */
  readonly quantised: Uint8Array;
  /** `[rows, columns / blockElements]` */
  readonly scales: Float32Array;
  /** `[rows, columns / blockElements]` at 8 bits, or null for the operator's own 128 (8 at 4 bits). */
  readonly zeroPoints: Uint8Array | null;
  /**
   * `[rows, columns / blockElements]`: what is left to add for each unit of the block's sum of inputs,
   * or null. See `linear`: a float minimum does not go into an integer zero point.
   */
  readonly residues: Float32Array | null;
}

export interface MatrixSource {
  readonly type: GgmlType;
  readonly rows: number;
  readonly columns: number;
  /** Reads some rows, packed as the type says. */
  readonly readRows: (firstRow: number, rowCount: number) => Uint8Array;
}

/** Floats that are unpacked at a time while a matrix is rounded: 4 MiB. */
const SLAB_ELEMENTS = 2 ** 20;

/** Whether a type is kept at 4 bits (16 levels) or at 8 when it may choose. */
export function packedBits(type: GgmlType): 4 | 8 {
  return type === 'Q4_0' || type === 'Q4_1' || type === 'Q4_K' ? 4 : 8;
}

/**
 * Packs one matrix. At 4 bits every value is exact. At 8 bits values are exact for types with a zero
 * point (Q4_0, Q5_0, Q8_0, Q6_K), off by at most a 34th of a step of the source for those with
 * a minimum, and rounded to 8 bits in blocks of 32 for types that hold floats.
 *
 * @param bits 4 only where `packedBits` says so
 * @param blockElements 16 splits blocks of 32 in two, so that matrices can be stacked
 */
export function packMatrix(source: MatrixSource, bits: 4 | 8, blockElements: 16 | 32): PackedMatrix {
  const { rows, columns, type } = source;
  const blocks = blockTypeOf(type)
    ? integerBlocks(type, source.readRows(0, rows), rows * columns)!
    : blocksOfFloats(source);
  const packed = bits === 4 ? packAt4Bits(blocks) : packAt8Bits(blocks);
  const matrix = { rows, columns, bits, blockElements: blocks.blockElements, ...packed };
  return blockElements === blocks.blockElements ? matrix : withHalvedBlocks(matrix);
}

type PackedValues = Pick<PackedMatrix, 'quantised' | 'scales' | 'zeroPoints' | 'residues'>;

function packAt4Bits({ integers, scales, minima, zeroPoint }: IntegerBlocks): PackedValues {
  const quantised = new Uint8Array(integers.length / 2);
  for (let pair = 0; pair < quantised.length; pair++) {
    quantised[pair] = integers[pair * 2]! | (integers[pair * 2 + 1]! << 4);
  }
  const residues = zeroPoint === null ? minima.map((minimum, block) => minimum + 8 * scales[block]!) : null;
  return { quantised, scales, zeroPoints: null, residues };
}

function packAt8Bits(blocks: IntegerBlocks): PackedValues {
  if (blocks.zeroPoint === null) return { ...requantiseTo8Bits(blocks), residues: null };
  const shift = 128 - blocks.zeroPoint;
  const quantised = shift === 0 ? blocks.integers : blocks.integers.map((integer) => integer + shift);
  return { quantised, scales: blocks.scales, zeroPoints: null, residues: null };
}

/** Rounds floats to 8 bits with one scale for each 32, as Q8_0 does; slab by slab, so that few are unpacked at once. */
function blocksOfFloats({ type, rows, columns, readRows }: MatrixSource): IntegerBlocks {
  const scales = new Float32Array((rows * columns) / 32);
  const integers = new Uint8Array(rows * columns);
  const slabRows = Math.max(1, Math.floor(SLAB_ELEMENTS / columns));
  for (let row = 0; row < rows; row += slabRows) {
    const count = Math.min(slabRows, rows - row);
    const values = dequantize(type, readRows(row, count), count * columns);
    const start = row * columns;
    roundTo8Bits(values, scales.subarray(start / 32), integers.subarray(start));
  }
  const minima = scales.map((scale) => -128 * scale);
  return { blockElements: 32, levels: 256, integers, scales, minima, zeroPoint: 128 };
}

/**
 * Writes the scale of each 32 values, and their integers, of which 128 stands for zero. Plain loops: with an adapter
 * all matrices of attention pass here while a model loads.
 */
function roundTo8Bits(values: Float32Array, scales: Float32Array, integers: Uint8Array): void {
  for (let start = 0; start < values.length; start += 32) {
    let largest = 0;
    for (let i = start; i < start + 32; i++) {
      const value = values[i]!;
      const size = value < 0 ? -value : value;
      if (size > largest) largest = size;
    }
    const scale = largest / 127;
    scales[start / 32] = scale;
    // Adding 128.5 and cutting off rounds to nearest: what is cut is never negative.
    for (let i = start; i < start + 32; i++) integers[i] = scale === 0 ? 128 : (values[i]! / scale + 128.5) | 0;
  }
}

function withHalvedBlocks(matrix: PackedMatrix): PackedMatrix {
  const twice = <Values extends Float32Array | Uint8Array>(values: Values, result: Values): Values => {
    for (let i = 0; i < result.length; i++) result[i] = values[i >> 1]!;
    return result;
  };
  const { scales, zeroPoints, residues } = matrix;
  return {
    ...matrix,
    blockElements: 16,
    scales: twice(scales, new Float32Array(scales.length * 2)),
    zeroPoints: zeroPoints && twice(zeroPoints, new Uint8Array(zeroPoints.length * 2)),
    residues: residues && twice(residues, new Float32Array(residues.length * 2)),
  };
}
