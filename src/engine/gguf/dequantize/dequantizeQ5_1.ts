import { readFloat16 } from './float16.ts';

/**
 * Q5_1: blocks of 32 as half-precision scale `d` and minimum `m`, then fifth bits and nibbles
 * as in Q5_0. Value: `d * q + m`.
 */
export function dequantizeQ5_1(bytes: Uint8Array, output: Float32Array): void {
  for (let start = 0, at = 0; start < output.length; start += 32, at += 24) {
    const scale = readFloat16(bytes, at);
    const minimum = readFloat16(bytes, at + 2);
    for (let index = 0; index < 16; index++) {
      const pair = bytes[at + 8 + index]!;
      const lowFifth = (bytes[at + 4 + (index >> 3)]! >> (index & 7)) & 1;
      const highFifth = (bytes[at + 6 + (index >> 3)]! >> (index & 7)) & 1;
      output[start + index] = scale * ((pair & 15) | (lowFifth << 4)) + minimum;
      output[start + 16 + index] = scale * ((pair >> 4) | (highFifth << 4)) + minimum;
    }
  }
}
