import { readFloat16 } from './float16.ts';
import { unpackSuperBlockScales } from './superBlockScales.ts';

const SUPER_BLOCK_BYTES = 176;

/**
 * Q5_K: as Q4_K, with 32 bytes of fifth bits in front of the nibbles: bit `j` of byte `i`
 * belongs to element `i` of sub-block `j`. Value: `d * scale * q - dmin * minimum`.
 */
export function dequantizeQ5_K(bytes: Uint8Array, output: Float32Array): void {
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
      const from = at + 48 + pair * 32;
      const to = start + pair * 64;
      for (let index = 0; index < 32; index++) {
        const byte = bytes[from + index]!;
        const fifths = bytes[at + 16 + index]! >> (pair * 2);
        output[to + index] = lowScale * ((byte & 15) | ((fifths & 1) << 4)) - lowMinimum;
        output[to + 32 + index] = highScale * ((byte >> 4) | ((fifths & 2) << 3)) - highMinimum;
      }
    }
  }
}
