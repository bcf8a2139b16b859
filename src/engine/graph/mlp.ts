import type { GgufFile } from '../gguf/index.ts';
import type { LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { linear, type Precision } from './linear.ts';

/**
 * The gated MLP.
 *
 * ```
 * x ─ gate and up, stacked ─ Split ─┬─ QuickGelu(1) ─┬─ Mul ─ down ─ [s, hiddenSize]
 *                                   └────────────────┘
 * ```
 * `QuickGelu` with alpha 1 is `x * sigmoid(x)`, the SiLU, in one operator.
 */
export function mlp(
  graph: GraphBuilder,
  gguf: GgufFile,
  model: ModelDescription,
  precision: Precision,
  input: Edge,
  options: { readonly name: string; readonly tensors: LayerTensorNames },
): Edge {
  const { name, tensors } = options;
  const gateUp = linear(graph, gguf, precision, input, {
    name: `${name}/gateUp`,
    tensors: [tensors.gate, tensors.up],
  });
  const [gate, up] = graph.nodes('Split', [gateUp, graph.shape([model.ffnSize, model.ffnSize])], {
    name: `${name}/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const activated = graph.node('QuickGelu', [gate!], {
    name: `${name}/Silu`,
    domain: 'com.microsoft',
    attributes: { alpha: { float: 1 } },
  });
  const gated = graph.node('Mul', [activated, up!], { name: `${name}/Mul` });
  return linear(graph, gguf, precision, gated, { name: `${name}/down`, tensors: [tensors.down] });
}
