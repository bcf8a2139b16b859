import { dequantize, float16Value, type WeightSource } from '../../../../src/engine/gguf/index.ts';
import type { Linear } from '../../../../src/engine/reference/index.ts';

const blockElements = 32;

/**
 * A linear layer as the packed graph computes it: `MatMulNBits` at accuracy level 4 rounds the inputs
 * to 8 bits in blocks of 32; F32 weights are kept so too. A float minimum (Q4_1) is
 * taken with the unrounded sum of its block: `x·(d q + m) = round(x)·d (q - 8) + sum(x)·(m + 8 d)`.
 */
export const packedLinear: Linear = (source, input, weight, bias) => {
  const { type, elements, shape } = source.tensors.get(weight)!;
  const [columns, rows] = shape as [number, number];
  const exact = Float64Array.from(dequantize(type, source.readTensor(weight), elements));
  const weights = type === 'F32' ? rounded(exact) : exact;
  const residues = type === 'Q4_1' ? residuesOfQ4_1(source, weight) : new Float64Array(elements / blockElements);
  const biases = bias === null ? null : dequantize('F32', source.readTensor(bias), rows);
  return input.map((x) => {
    const steps = rounded(x);
    return Float64Array.from({ length: rows }, (_, row) => {
      let sum = biases?.[row] ?? 0;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        const lost = x[column]! - steps[column]!;
        sum += steps[column]! * weights[at]! + lost * residues[Math.floor(at / blockElements)]!;
      }
      return sum;
    });
  });
};

/** Rounds each block to whole multiples of a 127th of its largest number. */
function rounded(values: Float64Array): Float64Array {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += blockElements) {
    const block = values.subarray(start, start + blockElements);
    const step = Math.fround(Math.max(...block.map(Math.abs)) / 127);
    for (const [index, value] of block.entries()) {
      result[start + index] = step === 0 ? 0 : Math.round(value / step) * step;
    }
  }
  return result;
}

/** `m + 8 d` of each block. */
function residuesOfQ4_1(source: WeightSource, name: string): Float64Array {
  const bytes = source.readTensor(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blockBytes = 20;
  return Float64Array.from({ length: bytes.length / blockBytes }, (_, block) => {
    const scale = float16Value(view.getUint16(block * blockBytes, true));
    const minimum = float16Value(view.getUint16(block * blockBytes + 2, true));
    return minimum + 8 * scale;
  });
}
