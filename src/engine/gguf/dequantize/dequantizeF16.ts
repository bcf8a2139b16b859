import { readFloat16 } from './float16.ts';

/** F16: IEEE 754 binary16, little endian. */
export function dequantizeF16(bytes: Uint8Array, output: Float32Array): void {
  for (let index = 0; index < output.length; index++) output[index] = readFloat16(bytes, index * 2);
}
