import { readFloat16 } from './float16.ts';
import { unpackSuperBlockScales } from './superBlockScales.ts';

const SUPER_BLOCK_BYTES = 144;

/**
 * Q4_K: super-blocks of 256 as half-precision `d` and `dmin`, twelve bytes of 6-bit scales and
 * minima for eight sub-blocks of 32, then 128 bytes of nibbles: each run of 32 bytes holds one
 * sub-block in its low nibbles and the next in its high ones. Value: `d * scale * q - dmin * minimum`.
 */
export function dequantizeQ4_K(bytes: Uint8Array, output: Float32Array): void {
  const scales = new Uint8Array(8);
  const minima = new Uint8Array(8);
  for (let start = 0, at = 0; start < output.length; start += 256, at += SUPER_BLOCK_BYTES) {
    const scale = readFloat16(bytes, at);
    const minimum = readFloat16(bytes, at + 2);
    unpackSuperBlockScales(bytes, at + 4, scales, minima);
    for (let pair = 0; pair < 4; pair++) {
      const lowScale = scale * scales[pair * 2]!;
      const lowMinimum = minimum * minima[pair * 2]!;
      const highScale = scale * scales[pair * 2 + 1]!;
      const highMinimum = minimum * minima[pair * 2 + 1]!;
      const from = at + 16 + pair * 32;
      const to = start + pair * 64;
      for (let index = 0; index < 32; index++) {
        const byte = bytes[from + index]!;
        output[to + index] = lowScale * (byte & 15) - lowMinimum;
        output[to + 32 + index] = highScale * (byte >> 4) - highMinimum;
      }
    }
  }
}
