import type { WeightSource } from '../gguf/index.ts';
import { readWeights } from './readWeights.ts';
import { dot, type Rows } from './rows.ts';

/**
 * RMS normalisation of each row (arXiv 1910.07467, equation 4): `x / sqrt(mean(x^2) + eps) * weight`.
 * @param weight name of the tensor `[hiddenSize]`
 */
export function rmsNorm(weights: WeightSource, input: Rows, weight: string, eps: number): Rows {
  const gains = readWeights(weights, weight);
  return input.map((x) => {
    const size = Math.sqrt(dot(x, x) / x.length + eps);
    return x.map((value, index) => (value / size) * gains[index]!);
  });
}
