import { readFloat16 } from './float16.ts';

const SUPER_BLOCK_BYTES = 210;
const HIGH_BITS_AT = 128;
const SCALES_AT = 192;
const SCALE_AT = 208;

/**
 * Q6_K: super-blocks of 256 as 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen
 * signed scales for sub-blocks of 16, and a half-precision `d` at the end. Each half of 128
 * elements is four runs of 32: runs 0 and 2 share 32 nibble bytes, runs 1 and 3 the next 32,
 * and all four share 32 bytes of bit pairs. Value: `d * scale * (q - 32)`.
 */
export function dequantizeQ6_K(bytes: Uint8Array, output: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0, at = 0; start < output.length; start += 256, at += SUPER_BLOCK_BYTES) {
    const scale = readFloat16(bytes, at + SCALE_AT);
    for (let half = 0; half < 2; half++) {
      for (let run = 0; run < 4; run++) {
        const nibblesAt = at + half * 64 + (run & 1) * 32;
        const pairsAt = at + HIGH_BITS_AT + half * 32;
        const nibbleShift = run >> 1 ? 4 : 0;
        const to = start + half * 128 + run * 32;
        for (let index = 0; index < 32; index++) {
          const low = (bytes[nibblesAt + index]! >> nibbleShift) & 15;
          const high = (bytes[pairsAt + index]! >> (run * 2)) & 3;
          const subScale = signed[at + SCALES_AT + half * 8 + run * 2 + (index >> 4)]!;
          output[to + index] = scale * subScale * ((low | (high << 4)) - 32);
        }
      }
    }
  }
}
