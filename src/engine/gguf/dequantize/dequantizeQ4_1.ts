import { readFloat16 } from './float16.ts';

/**
 * Q4_1: blocks of 32 as half-precision scale `d` and minimum `m`, then nibbles as in Q4_0.
 * Value: `d * q + m`.
 */
export function dequantizeQ4_1(bytes: Uint8Array, output: Float32Array): void {
  for (let start = 0, at = 0; start < output.length; start += 32, at += 20) {
    const scale = readFloat16(bytes, at);
    const minimum = readFloat16(bytes, at + 2);
    for (let index = 0; index < 16; index++) {
      const pair = bytes[at + 4 + index]!;
      output[start + index] = scale * (pair & 15) + minimum;
      output[start + 16 + index] = scale * (pair >> 4) + minimum;
    }
  }
}
