/** Every half-precision number as a single-precision one, by its bits: a look-up is several times faster than shifting. */
const table = new Float32Array(2 ** 16);

for (let bits = 0; bits < table.length; bits++) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
  else if (exponent === 0x1f) table[bits] = fraction === 0 ? sign * Infinity : NaN;
  else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The value of an IEEE 754 binary16 given by its 16 bits. */
export const float16Value = (bits: number): number => table[bits]!;

/** The binary16 that stands at `at` in `bytes`, little endian. */
export const readFloat16 = (bytes: Uint8Array, at: number): number => table[bytes[at]! | (bytes[at + 1]! << 8)]!;
