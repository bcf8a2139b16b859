import { readFloat16 } from '../../gguf/index.ts';
import type { BlockUnpacker } from './integerBlocks.ts';

/** Low nibbles are elements 0 to 15 of a block, high nibbles 16 to 31. */
function nibbles(bytes: Uint8Array, at: number, integers: Uint8Array, to: number): void {
  for (let index = 0; index < 16; index++) {
    const pair = bytes[at + index]!;
    integers[to + index] = pair & 15;
    integers[to + 16 + index] = pair >> 4;
  }
}

/** Adds bit `i` of four bytes as the fifth bit of element `i`. */
function fifthBits(bytes: Uint8Array, at: number, integers: Uint8Array, to: number): void {
  for (let index = 0; index < 32; index++) {
    integers[to + index]! |= ((bytes[at + (index >> 3)]! >> (index & 7)) & 1) << 4;
  }
}

/** 18 bytes: half `d`, 16 bytes of nibbles. Value `d * (q - 8)`. */
export const unpackQ4_0: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let block = 0, at = 0; block < scales.length; block++, at += 18) {
    const scale = readFloat16(bytes, at);
    scales[block] = scale;
    minima[block] = -8 * scale;
    nibbles(bytes, at + 2, integers, block * 32);
  }
};

/** 20 bytes: half `d`, half `m`, nibbles. Value `d * q + m`. */
export const unpackQ4_1: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let block = 0, at = 0; block < scales.length; block++, at += 20) {
    scales[block] = readFloat16(bytes, at);
    minima[block] = readFloat16(bytes, at + 2);
    nibbles(bytes, at + 4, integers, block * 32);
  }
};

/** 22 bytes: half `d`, 32 fifth bits, nibbles. Value `d * (q - 16)`. */
export const unpackQ5_0: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let block = 0, at = 0; block < scales.length; block++, at += 22) {
    const scale = readFloat16(bytes, at);
    scales[block] = scale;
    minima[block] = -16 * scale;
    nibbles(bytes, at + 6, integers, block * 32);
    fifthBits(bytes, at + 2, integers, block * 32);
  }
};

/** 24 bytes: half `d`, half `m`, 32 fifth bits, nibbles. Value `d * q + m`. */
export const unpackQ5_1: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let block = 0, at = 0; block < scales.length; block++, at += 24) {
    scales[block] = readFloat16(bytes, at);
    minima[block] = readFloat16(bytes, at + 2);
    nibbles(bytes, at + 8, integers, block * 32);
    fifthBits(bytes, at + 4, integers, block * 32);
  }
};

/** 34 bytes: half `d`, 32 signed bytes. Value `d * q`. */
export const unpackQ8_0: BlockUnpacker = (bytes, { integers, scales, minima }) => {
  for (let block = 0, at = 0; block < scales.length; block++, at += 34) {
    const scale = readFloat16(bytes, at);
    scales[block] = scale;
    minima[block] = -128 * scale;
    // Adding 128 to a signed byte is flipping its highest bit.
    for (let index = 0; index < 32; index++) integers[block * 32 + index] = bytes[at + 2 + index]! ^ 128;
  }
};
