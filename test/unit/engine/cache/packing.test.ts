import { describe, expect, it } from 'vitest';
import { quantiseRowTo4Bits } from '../../../../src/engine/cache/quantiseRowTo4Bits.ts';
import { rotateRow, rotationMatrix } from '../../../../src/engine/cache/rotation.ts';
import { rowCodecs } from '../../../../src/engine/cache/rowCodec.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';

const random = new SeededRandom(11);
const rowOf = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
const norm = (row: Float32Array): number => Math.hypot(...row);

describe('rotating a row', () => {
  it.each([64, 80, 96, 7])('keeps its length and is undone by rotating again: %i numbers', (length) => {
    const row = rowOf(length);
    const rotated = row.slice();
    rotateRow(rotated);
    expect(norm(rotated)).toBeCloseTo(norm(row), 4);
    if (length > 7) expect(rotated).not.toEqual(row);
    rotateRow(rotated);
    for (const [at, value] of row.entries()) expect(rotated[at]).toBeCloseTo(value, 5);
  });

  it('spreads one large element over all', () => {
    const row = new Float32Array(64);
    row[9] = 16;
    rotateRow(row);
    expect([...new Set(row.map(Math.abs))]).toEqual([2]);
  });

  it.each([64, 80])('is what multiplying by the matrix does: %i numbers', (length) => {
    const row = rowOf(length);
    const matrix = rotationMatrix(length);
    const rotated = row.slice();
    rotateRow(rotated);
    for (let column = 0; column < length; column++) {
      const product = row.reduce((sum, value, at) => sum + value * matrix[at * length + column]!, 0);
      expect(product).toBeCloseTo(rotated[column]!, 4);
    }
  });
});

describe('rounding a row to 4 bits', () => {
  const unpack = (packed: Uint8Array, scale: number): number[] =>
    [...packed].map((byte) => ((byte & 15) - 8) * scale).concat([...packed].map((byte) => ((byte >> 4) - 8) * scale));

  it.each([1, -1])('is off by half a step at most, by a whole one at the far end: sign %i', (sign) => {
    const row = rowOf(64).map((value) => sign * value);
    const packed = new Uint8Array(34);
    const scale = quantiseRowTo4Bits(row, packed, 1);
    expect([packed[0], packed[33]]).toEqual([0, 0]);
    const back = unpack(packed.subarray(1, 33), scale);
    const extreme = row.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found));
    expect(back[row.indexOf(extreme)]).toBeCloseTo(extreme, 5);
    for (const [at, value] of row.entries()) {
      const steps = value / scale > 7.5 ? 1.0001 : 0.5001;
      expect(Math.abs(back[at]! - value)).toBeLessThanOrEqual(Math.abs(scale) * steps);
    }
  });

  it('keeps a row of zeros', () => {
    const packed = new Uint8Array(2).fill(255);
    const scale = quantiseRowTo4Bits(new Float32Array(4), packed, 0);
    expect(unpack(packed, scale).every((value) => Math.abs(value) === 0)).toBe(true);
  });
});

describe('codecs of store rows', () => {
  it.each(['float32', 'int8', 'int4'] as const)('count the bytes that they take: %s', (type) => {
    const codec = rowCodecs[type];
    const rowBytes = codec.allocate(codec.elements(64)).byteLength + (codec.hasScales ? 4 : 0);
    expect(rowBytes).toBe(codec.rowBytes(64));
  });
});
