import type { WeightSource } from '../gguf/index.ts';
import { readWeights } from './readWeights.ts';
import { dot, type Rows } from './rows.ts';

/**
 * A linear layer: `y = W x + b`.
 * @param input `[tokens][columns]`
 * @param weight name of the tensor `[rows, columns]`
 * @param bias name of the tensor `[rows]`, or null for none
 * @returns `[tokens][rows]`
 */
export type Linear = (weights: WeightSource, input: Rows, weight: string, bias: string | null) => Rows;

/** The linear layer in float64, nothing rounded. */
export const linear: Linear = (weights, input, weight, bias) => {
  const [columns, rows] = weights.tensors.get(weight)!.shape as [number, number];
  const matrix = readWeights(weights, weight);
  const biases = bias === null ? new Float64Array(rows) : readWeights(weights, bias);
  return input.map((x) =>
    Float64Array.from(
      { length: rows },
      (_, row) => dot(matrix.subarray(row * columns, (row + 1) * columns), x) + biases[row]!,
    ),
  );
};
