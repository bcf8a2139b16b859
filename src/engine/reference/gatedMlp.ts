import type { GgufFile } from '../gguf/index.ts';
import type { LayerTensorNames } from '../model/index.ts';
import type { Linear } from './linear.ts';
import type { Rows } from './rows.ts';

/** The gated MLP with SiLU (arXiv 2002.05202, SwiGLU): `down(silu(gate x) * up x)`. */
export function gatedMlp(gguf: GgufFile, linear: Linear, input: Rows, tensors: LayerTensorNames): Rows {
  const gate = linear(gguf, input, tensors.gate, null);
  const up = linear(gguf, input, tensors.up, null);
  const gated = gate.map((row, token) => row.map((value, index) => silu(value) * up[token]![index]!));
  return linear(gguf, gated, tensors.down, null);
}

const silu = (x: number): number => x / (1 + Math.exp(-x));
