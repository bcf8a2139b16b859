/**
 * Length of the stretches of a row that are rotated, each by itself: the largest power of two that divides
 * the row.
 */
const stretchOf = (headDim: number): number => headDim & -headDim;

/**
 * Rotates a row by a normalised Hadamard matrix, in place: one large element becomes many small ones, so
 * that 4 bits do for all of them (QuaRot, arXiv 2404.00456, section 3). Rotating again gives the row back.
 */
export function rotateRow(row: Float32Array | Float64Array): void {
  const stretch = stretchOf(row.length);
  for (let half = 1; half < stretch; half *= 2) {
    for (let at = 0; at < row.length; at++) {
      if ((at & half) !== 0) continue;
      const a = row[at]!;
      const b = row[at + half]!;
      row[at] = a + b;
      row[at + half] = a - b;
    }
  }
  const norm = 1 / Math.sqrt(stretch);
  for (let at = 0; at < row.length; at++) row[at]! *= norm;
}

/** The same rotation as a matrix that a graph multiplies rows with, `[headDim, headDim]`. */
export function rotationMatrix(headDim: number): Float32Array {
  const matrix = new Float32Array(headDim * headDim);
  for (let at = 0; at < headDim; at++) {
    const row = matrix.subarray(at * headDim, (at + 1) * headDim);
    row[at] = 1;
    rotateRow(row);
  }
  return matrix;
}
