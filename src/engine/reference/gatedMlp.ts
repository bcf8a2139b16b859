import type { GgufFile } from '../gguf/index.ts';
import type { LayerTensorNames } from '../model/index.ts';
import { linear } from './linear.ts';
import type { Rows } from './rows.ts';

/** The gated MLP with SiLU (arXiv 2002.05202, SwiGLU): `down(silu(gate x) * up x)`. */
export function gatedMlp(gguf: GgufFile, input: Rows, tensors: LayerTensorNames): Rows {
  const gate = linear(gguf, input, tensors.gate);
  const up = linear(gguf, input, tensors.up);
  const gated = gate.map((row, token) => row.map((value, index) => silu(value) * up[token]![index]!));
  return linear(gguf, gated, tensors.down);
}

const silu = (x: number): number => x / (1 + Math.exp(-x));
