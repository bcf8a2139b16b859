import type { WeightSource } from '../gguf/index.ts';
import type { Activation, LayerTensorNames, ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder, NodeOptions } from './graphBuilder.ts';
import { linear, type Precision } from './linear.ts';

/**
 * The gated MLP.
 *
 * ```
 * x ─ gate and up, stacked ─ Split ─┬─ activation ─┬─ Mul ─ down ─ [s, hiddenSize]
 *                                   └──────────────┘
 * ```
 */
export function mlp(
  graph: GraphBuilder,
  weights: WeightSource,
  model: Pick<ModelDescription, 'ffnSize' | 'activation' | 'fusedProjections'>,
  precision: Precision,
  input: Edge,
  options: { readonly name: string; readonly tensors: Pick<LayerTensorNames, 'gate' | 'up' | 'down'> },
): Edge {
  const { name, tensors } = options;
  const gateUp = linear(graph, weights, precision, input, {
    name: `${name}/gateUp`,
    tensors: model.fusedProjections ? [tensors.up] : [tensors.gate, tensors.up],
  });
  const [gate, up] = graph.nodes('Split', [gateUp, graph.shape([model.ffnSize, model.ffnSize])], {
    name: `${name}/Split`,
    outputs: 2,
    attributes: { axis: -1 },
  });
  const { operator, ...rest } = activations[model.activation];
  const activated = graph.node(operator, [gate!], { name: `${name}/${model.activation}`, ...rest });
  const gated = graph.node('Mul', [activated, up!], { name: `${name}/Mul` });
  return linear(graph, weights, precision, gated, { name: `${name}/down`, tensors: [tensors.down] });
}

/**
 * `QuickGelu` with alpha 1 is `x * sigmoid(x)`, the SiLU, in one operator; `FastGelu` is GELU's tanh form. Every
 * device has both.
 */
const activations: Readonly<Record<Activation, Omit<NodeOptions, 'name'> & { readonly operator: string }>> = {
  silu: { operator: 'QuickGelu', domain: 'com.microsoft', attributes: { alpha: { float: 1 } } },
  geluTanh: { operator: 'FastGelu', domain: 'com.microsoft' },
};
