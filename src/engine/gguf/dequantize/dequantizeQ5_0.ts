import { readFloat16 } from './float16.ts';

/**
 * Q5_0: blocks of 32 as a half-precision scale `d`, 32 fifth bits (bit `i` belongs to element
 * `i`), then nibbles as in Q4_0. Value: `d * (q - 16)`.
 */
export function dequantizeQ5_0(bytes: Uint8Array, output: Float32Array): void {
  for (let start = 0, at = 0; start < output.length; start += 32, at += 22) {
    const scale = readFloat16(bytes, at);
    for (let index = 0; index < 16; index++) {
      const pair = bytes[at + 6 + index]!;
      const lowFifth = (bytes[at + 2 + (index >> 3)]! >> (index & 7)) & 1;
      const highFifth = (bytes[at + 4 + (index >> 3)]! >> (index & 7)) & 1;
      output[start + index] = scale * (((pair & 15) | (lowFifth << 4)) - 16);
      output[start + 16 + index] = scale * (((pair >> 4) | (highFifth << 4)) - 16);
    }
  }
}
