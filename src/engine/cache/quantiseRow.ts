/**
 * Rounds a row to signed bytes by its largest element: `row[i] ≈ target[at + i] * scale`, off by
 * at most half a scale.
 * @returns the scale
 */
export function quantiseRow(row: Float32Array, target: Int8Array, at: number): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127;
  const inverse = scale === 0 ? 0 : 1 / scale;
  for (let i = 0; i < row.length; i++) target[at + i] = Math.round(row[i]! * inverse);
  return scale;
}
