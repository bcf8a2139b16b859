import { readFloat16, unpackSuperBlockScales } from '../../gguf/index.ts';
import type { BlockUnpacker } from './integerBlocks.ts';

/** Scales and minima of the eight sub-blocks of a Q4_K or Q5_K super-block. */
function subScales(bytes: Uint8Array, at: number, scales: Float32Array, minima: Float32Array, to: number): void {
  const scale = readFloat16(bytes, at);
  const minimum = readFloat16(bytes, at + 2);
  const sixBitScales = new Uint8Array(8);
  const sixBitMinima = new Uint8Array(8);
  unpackSuperBlockScales(bytes, at + 4, sixBitScales, sixBitMinima);
  for (let sub = 0; sub < 8; sub++) {
    scales[to + sub] = scale * sixBitScales[sub]!;
    minima[to + sub] = -minimum * sixBitMinima[sub]!;
  }
}

/** Sub-blocks `2j` and `2j + 1` are the low and the high nibbles of the same 32 bytes. */
function nibblePairs(bytes: Uint8Array, at: number, integers: Uint8Array, to: number): void {
  for (let pair = 0; pair < 4; pair++) {
    for (let index = 0; index < 32; index++) {
      const byte = bytes[at + pair * 32 + index]!;
      integers[to + pair * 64 + index] = byte & 15;
      integers[to + pair * 64 + 32 + index] = byte >> 4;
    }
  }
}

/** 144 bytes for 256 elements: halves `d` and `dmin`, packed scales, nibbles. Value `d * s * q - dmin * m`. */
export const unpackQ4_K: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let start = 0, at = 0; start < integers.length; start += 256, at += 144) {
    subScales(bytes, at, scales, minima, start / 32);
    nibblePairs(bytes, at + 16, integers, start);
  }
};

/** 176 bytes: as Q4_K with 32 bytes of fifth bits before the nibbles; bit `j` of byte `i` is of sub-block `j`. */
export const unpackQ5_K: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let start = 0, at = 0; start < integers.length; start += 256, at += 176) {
    subScales(bytes, at, scales, minima, start / 32);
    nibblePairs(bytes, at + 48, integers, start);
    for (let element = 0; element < 256; element++) {
      const fifth = (bytes[at + 16 + (element & 31)]! >> (element >> 5)) & 1;
      integers[start + element]! |= fifth << 4;
    }
  }
};

/**
 * 210 bytes: low nibbles, high bit pairs, sixteen signed scales, half `d`. Runs of 32 elements in
 * each half share bytes as `dequantizeQ6_K` tells. Value `d * s * (q - 32)`.
 */
export const unpackQ6_K: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0, at = 0; start < integers.length; start += 256, at += 210) {
    const scale = readFloat16(bytes, at + 208);
    for (let sub = 0; sub < 16; sub++) {
      const subScale = scale * signed[at + 192 + sub]!;
      scales[start / 16 + sub] = subScale;
      minima[start / 16 + sub] = -32 * subScale;
    }
    for (let element = 0; element < 256; element++) {
      const half = element >> 7;
      const run = (element >> 5) & 3;
      const index = element & 31;
      const low = (bytes[at + half * 64 + (run & 1) * 32 + index]! >> (run >> 1 ? 4 : 0)) & 15;
      const high = (bytes[at + 128 + half * 32 + index]! >> (run * 2)) & 3;
      integers[start + element] = low | (high << 4);
    }
  }
};
