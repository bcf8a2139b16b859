import { readFloat16 } from './float16.ts';

/** Q8_0: blocks of 32 as a half-precision scale `d` and 32 signed bytes. Value: `d * q`. */
export function dequantizeQ8_0(bytes: Uint8Array, output: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0, at = 0; start < output.length; start += 32, at += 34) {
    const scale = readFloat16(bytes, at);
    for (let index = 0; index < 32; index++) output[start + index] = scale * signed[at + 2 + index]!;
  }
}
