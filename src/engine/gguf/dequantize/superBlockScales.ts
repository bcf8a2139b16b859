/**
 * Unpacks the twelve bytes in which Q4_K and Q5_K keep eight 6-bit scales and eight 6-bit
 * minima. Bytes 0 to 3 and 4 to 7 hold scales and minima 0 to 3 in their low six bits; the
 * others' low four bits lie in bytes 8 to 11, and their high two above the former.
 *
 * @param scales `[8]`, filled
 * @param minima `[8]`, filled
 */
export function unpackSuperBlockScales(bytes: Uint8Array, at: number, scales: Uint8Array, minima: Uint8Array): void {
  for (let index = 0; index < 4; index++) {
    const first = bytes[at + index]!;
    const second = bytes[at + 4 + index]!;
    const rest = bytes[at + 8 + index]!;
    scales[index] = first & 63;
    minima[index] = second & 63;
    scales[index + 4] = (rest & 15) | ((first >> 6) << 4);
    minima[index + 4] = (rest >> 4) | ((second >> 6) << 4);
  }
}
