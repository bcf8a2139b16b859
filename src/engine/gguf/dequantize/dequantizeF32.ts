/** F32: IEEE 754 binary32, little endian. */
export function dequantizeF32(bytes: Uint8Array, output: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < output.length; index++) output[index] = view.getFloat32(index * 4, true);
}
