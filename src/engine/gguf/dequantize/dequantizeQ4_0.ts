import { readFloat16 } from './float16.ts';

/**
 * Q4_0: blocks of 32 as a half-precision scale `d` and 16 bytes of nibbles, elements 0 to 15 in
 * the low ones and 16 to 31 in the high ones. Value: `d * (q - 8)`.
 */
export function dequantizeQ4_0(bytes: Uint8Array, output: Float32Array): void {
  for (let start = 0, at = 0; start < output.length; start += 32, at += 18) {
    const scale = readFloat16(bytes, at);
    for (let index = 0; index < 16; index++) {
      const pair = bytes[at + 2 + index]!;
      output[start + index] = scale * ((pair & 15) - 8);
      output[start + 16 + index] = scale * ((pair >> 4) - 8);
    }
  }
}
