import { describe, expect, it } from 'vitest';
import { computableTypes, dequantize, type GgmlType, ggmlByteLength } from '../../../../../src/engine/gguf/index.ts';
import {
  type MatrixSource,
  type PackedMatrix,
  packedBits,
  packMatrix,
} from '../../../../../src/engine/graph/weights/packMatrix.ts';
import { SeededRandom } from '../../../../fixtures/seededRandom.ts';

const rows = 4;
const columns = 512;

/** Random bytes are a valid matrix of every packed type, once the half-precision scales are kept small. */
function randomMatrix(type: GgmlType): Uint8Array {
  const random = new SeededRandom(3);
  const bytes = Uint8Array.from({ length: ggmlByteLength(type, rows * columns) }, () =>
    Math.floor(256 * random.next()),
  );
  const halves: Partial<Record<GgmlType, [size: number, ...at: number[]]>> = {
    F16: [2, 0],
    BF16: [2, 0],
    F32: [4, 2],
    Q4_0: [18, 0],
    Q4_1: [20, 0, 2],
    Q5_0: [22, 0],
    Q5_1: [24, 0, 2],
    Q8_0: [34, 0],
    Q4_K: [144, 0, 2],
    Q5_K: [176, 0, 2],
    Q6_K: [210, 208],
  };
  const [size, ...places] = halves[type]!;
  for (let block = 0; block < bytes.length; block += size) {
    // 0x2x is a half of about 0.01, 0xa. the same below zero: minima are mostly negative.
    for (const [index, at] of places.entries())
      bytes[block + at + 1] = (index === 1 && !type.endsWith('K') ? 0xa8 : 0x28) + (block & 3);
    if (type === 'F32' || type === 'BF16') bytes[block + places[0]! + 1] = 0x3c + (block & 1) * 0x80;
  }
  return bytes;
}

/** Reads rows of a matrix that lies in memory. */
function rowsOf(type: GgmlType, bytes: Uint8Array, rowLength: number): MatrixSource['readRows'] {
  const rowBytes = ggmlByteLength(type, rowLength);
  return (firstRow, rowCount) => bytes.subarray(firstRow * rowBytes, (firstRow + rowCount) * rowBytes);
}

/** Undoes the packing as the operator is documented to read it. */
function unpack({ quantised, scales, zeroPoints, residues, bits, blockElements }: PackedMatrix): Float64Array {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < values.length; i++) {
    const block = Math.floor(i / blockElements);
    const integer = bits === 8 ? quantised[i]! : (quantised[i >> 1]! >> (4 * (i & 1))) & 15;
    const zeroPoint = zeroPoints?.[block] ?? (bits === 8 ? 128 : 8);
    values[i] = scales[block]! * (integer - zeroPoint) + (residues?.[block] ?? 0);
  }
  return values;
}

const relativeError = (found: Float64Array, wanted: Float32Array): number => {
  let error = 0;
  let size = 0;
  for (const [i, value] of wanted.entries()) {
    error += (found[i]! - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(error / size);
};

/** Types whose values 8 bits cannot hold exactly: float minima, and floats. */
const rounding = new Set<GgmlType>(['Q4_1', 'Q5_1', 'Q4_K', 'Q5_K', 'F16', 'BF16', 'F32']);

describe.each(computableTypes)('packing %s', (type) => {
  const bytes = randomMatrix(type);
  const source = { type, rows, columns, readRows: rowsOf(type, bytes, columns) };
  const wanted = dequantize(type, bytes, rows * columns);
  const block = type === 'Q6_K' ? 16 : 32;

  it('keeps its values at 8 bits, exactly or within 0.6%', () => {
    const error = relativeError(unpack(packMatrix(source, 8, block)), wanted);
    expect(error).toBeLessThan(rounding.has(type) ? 6e-3 : 1e-6);
    if (rounding.has(type)) expect(error).toBeGreaterThan(0);
  });

  it('keeps the same values when blocks of 32 are split to be stacked', () => {
    const split = packMatrix(source, 8, 16);
    expect(split.scales).toHaveLength((rows * columns) / 16);
    expect(relativeError(unpack(split), wanted)).toBeLessThan(6e-3);
  });
});

it.each(computableTypes.filter((type) => packedBits(type) === 4))('keeps %s exactly at 4 bits', (type) => {
  const bytes = randomMatrix(type);
  const packed = packMatrix({ type, rows, columns, readRows: rowsOf(type, bytes, columns) }, 4, 32);
  expect(relativeError(unpack(packed), dequantize(type, bytes, rows * columns))).toBeLessThan(1e-6);
});

it('rounds floats in slabs of some rows as it would all at once', () => {
  // 4,224 rows of 512 are two slabs of 2^20 numbers and a part of one.
  const [many, length] = [4224, 512];
  const random = new SeededRandom(5);
  const values = Float32Array.from({ length: many * length }, () => random.normal());
  const read: [number, number][] = [];
  const packed = packMatrix(
    {
      ...{ type: 'F32', rows: many, columns: length },
      readRows: (firstRow, rowCount) => {
        read.push([firstRow, rowCount]);
        return new Uint8Array(values.slice(firstRow * length, (firstRow + rowCount) * length).buffer);
      },
    },
    8,
    32,
  );
  expect(read).toEqual([
    [0, 2048],
    [2048, 2048],
    [4096, 128],
  ]);
  let furthest = 0;
  for (const [i, value] of values.entries()) {
    const scale = packed.scales[i >> 5]!;
    furthest = Math.max(furthest, Math.abs(scale * (packed.quantised[i]! - 128) - value) / scale);
  }
  expect(furthest).toBeGreaterThan(0.4);
  expect(furthest).toBeLessThan(0.501);
});

describe('the formula of the 8-bit minimum', () => {
  it('holds blocks of a single value, above and below zero', () => {
    // Q4_1 with d = 0: every element is the minimum. 0x3c00 is 1, 0xbc00 is -1.
    const block = (high: number): number[] => [0, 0, 0, high, ...new Array<number>(16).fill(0x5a)];
    const bytes = Uint8Array.from([...block(0x3c), ...block(0xbc)]);
    const readRows = rowsOf('Q4_1', bytes, 64);
    const packed = packMatrix({ type: 'Q4_1', rows: 1, columns: 64, readRows }, 8, 32);
    const at = (i: number): number => packed.scales[i >> 5]! * (packed.quantised[i]! - packed.zeroPoints![i >> 5]!);
    expect([at(0), at(31), at(32), at(63)]).toEqual([1, 1, -1, -1]);
  });
});
