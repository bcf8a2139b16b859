import type { GgufFile } from '../gguf/index.ts';
import { readWeights } from './readWeights.ts';
import { dot, type Rows } from './rows.ts';

/**
 * A linear layer: `y = W x + b`.
 * @param input `[tokens][columns]`
 * @param weight name of the tensor `[rows, columns]`
 * @param bias name of the tensor `[rows]`, or null for none
 * @returns `[tokens][rows]`
 */
export type Linear = (gguf: GgufFile, input: Rows, weight: string, bias: string | null) => Rows;

/** The linear layer in float64, nothing rounded. */
export const linear: Linear = (gguf, input, weight, bias) => {
  const [columns, rows] = gguf.tensors.get(weight)!.shape as [number, number];
  const weights = readWeights(gguf, weight);
  const biases = bias === null ? new Float64Array(rows) : readWeights(gguf, bias);
  return input.map((x) =>
    Float64Array.from(
      { length: rows },
      (_, row) => dot(weights.subarray(row * columns, (row + 1) * columns), x) + biases[row]!,
    ),
  );
};
