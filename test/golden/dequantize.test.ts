import { describe, expect, it } from 'vitest';
import { computableTypes, dequantize, type GgmlType } from '#engine/gguf/index.ts';
import golden from './dequantize.json';

describe('dequantize', () => {
  it('has golden values for every type that can be computed with', () => {
    expect(golden.vectors.map(({ type }) => type).sort()).toEqual([...computableTypes].sort());
  });

  it.each(golden.vectors)('unpacks $type as the gguf package does', ({ type, bytes, values }) => {
    const unpacked = dequantize(type as GgmlType, Buffer.from(bytes, 'hex'), values.length);
    const largest = Math.max(...values.map(Math.abs));
    // The other implementation multiplies in float32, ours in float64 rounded at the end.
    values.forEach((value, index) => {
      expect(Math.abs(unpacked[index]! - value), `element ${index}`).toBeLessThanOrEqual(largest * 2 ** -21);
    });
  });
});
