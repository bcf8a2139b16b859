/** BF16: the upper 16 bits of a binary32. */
export function dequantizeBF16(bytes: Uint8Array, output: Float32Array): void {
  const bits = new Uint32Array(output.buffer, output.byteOffset, output.length);
  for (let index = 0; index < bits.length; index++) {
    bits[index] = ((bytes[index * 2]! | (bytes[index * 2 + 1]! << 8)) << 16) >>> 0;
  }
}
