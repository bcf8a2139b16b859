/**
 * Rounds a row to numbers of 4 bits. The element of largest magnitude becomes -8, so that all 16 codes are
 * used: `row[i] ≈ (code - 8) * scale`, off by at most half a scale, but for the other end of the range,
 * where it is a whole one.
 *
 * Byte `i` of the target holds element `i` in its lower half and element `i + row.length / 2` in its upper one,
 * so that two operators unpack a row.
 * @param row of even length
 * @returns the scale
 */
export function quantiseRowTo4Bits(row: Float32Array, target: Uint8Array, at: number): number {
  let extreme = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  const scale = extreme / -8;
  const inverse = scale === 0 ? 0 : 1 / scale;
  const code = (value: number): number => Math.min(15, Math.round(value * inverse) + 8);
  const half = row.length / 2;
  for (let i = 0; i < half; i++) target[at + i] = code(row[i]!) | (code(row[i + half]!) << 4);
  return scale;
}
