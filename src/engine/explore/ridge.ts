/**
 * Solves `(gram + penalty I) x = moment + penalty prior`: least squares drawn towards
 * `prior`, from its normal equations. Uses a Cholesky factorisation, in float64.
 * @param gram `[n, n]` symmetric, positive semi-definite: `A^T W A`; only its lower half is read
 * @param moment `[n]`: `A^T W y`
 * @param penalty for each unknown, not negative; 0 leaves it free
 * @returns `[n]`
 * @throws {RangeError} when the system has no single solution (a free unknown that no row touches)
 */
export function solveRidge(
  gram: Float64Array,
  moment: Float64Array,
  penalty: Float64Array,
  prior: Float64Array,
): Float64Array {
  const n = moment.length;
  const system = gram.slice();
  const solution = moment.slice();
  for (let i = 0; i < n; i += 1) {
    system[i * n + i]! += penalty[i]!;
    solution[i]! += penalty[i]! * prior[i]!;
  }
  choleskyInPlace(system, n);
  for (let i = 0; i < n; i += 1) {
    let sum = solution[i]!;
    for (let j = 0; j < i; j += 1) sum -= system[i * n + j]! * solution[j]!;
    solution[i] = sum / system[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = solution[i]!;
    for (let j = i + 1; j < n; j += 1) sum -= system[j * n + i]! * solution[j]!;
    solution[i] = sum / system[i * n + i]!;
  }
  return solution;
}

/** Replaces the lower half of a `[n, n]` matrix by `L` of `L L^T`. */
function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      if (j < i) {
        matrix[i * n + j] = sum / matrix[j * n + j]!;
        continue;
      }
      // Written so that NaN is caught too.
      if (!(sum > 0)) throw new RangeError(`the ridge system of ${n} unknowns is singular at unknown ${i}`);
      matrix[i * n + i] = Math.sqrt(sum);
    }
  }
}
