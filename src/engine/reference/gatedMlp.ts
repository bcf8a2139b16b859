import type { WeightSource } from '../gguf/index.ts';
import type { Activation, LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { Linear } from './linear.ts';
import type { Rows } from './rows.ts';

/** The gated MLP (arXiv 2002.05202, section 2): `down(activation(gate x) * up x)`. */
export function gatedMlp(
  weights: WeightSource,
  model: ModelDescription,
  linear: Linear,
  input: Rows,
  tensors: LayerTensorNames,
): Rows {
  const { gate, up } = gateAndUp(weights, model, linear, input, tensors);
  const activate = activations[model.activation];
  const gated = gate.map((row, token) => row.map((value, index) => activate(value) * up[token]![index]!));
  return linear(weights, gated, tensors.down, null);
}

function gateAndUp(
  weights: WeightSource,
  { fusedProjections, ffnSize }: ModelDescription,
  linear: Linear,
  input: Rows,
  tensors: LayerTensorNames,
): { gate: Rows; up: Rows } {
  const up = linear(weights, input, tensors.up, null);
  if (!fusedProjections) return { gate: linear(weights, input, tensors.gate, null), up };
  return { gate: up.map((row) => row.subarray(0, ffnSize)), up: up.map((row) => row.subarray(ffnSize)) };
}

const activations: Readonly<Record<Activation, (x: number) => number>> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};
