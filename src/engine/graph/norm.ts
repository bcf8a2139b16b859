import type { WeightSource } from '../gguf/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { readFloats } from './linear.ts';

export interface NormOptions {
  /** The place, e.g. `/layers.7/attn/norm`. */
  readonly name: string;
  /** Name of the GGUF tensor, `[hiddenSize]`. */
  readonly tensor: string;
  readonly eps: number;
}

/** RMS normalisation of each row: `x / sqrt(mean(x^2) + eps) * weight`. */
export function norm(graph: GraphBuilder, weights: WeightSource, input: Edge, options: NormOptions): Edge {
  return graph.node('SimplifiedLayerNormalization', [input, weightOf(graph, weights, options)], {
    name: options.name,
    attributes: { axis: -1, epsilon: { float: options.eps }, stash_type: 1 },
  });
}

/**
 * Adds a branch to the residual stream and normalises the sum, in one operator.
 * @returns the normalised rows, and the stream after the addition
 */
export function addAndNorm(
  graph: GraphBuilder,
  weights: WeightSource,
  stream: Edge,
  branch: Edge,
  options: NormOptions,
): { normed: Edge; stream: Edge } {
  const edges = graph.nodes('SkipSimplifiedLayerNormalization', [stream, branch, weightOf(graph, weights, options)], {
    name: options.name,
    domain: 'com.microsoft',
    outputs: 4,
    // Means and deviations: DirectML's kernel does not give them.
    unwanted: [1, 2],
    attributes: { epsilon: { float: options.eps } },
  });
  return { normed: edges[0]!, stream: edges[3]! };
}

function weightOf(graph: GraphBuilder, weights: WeightSource, { name, tensor }: NormOptions): Edge {
  const weight = readFloats(weights, tensor);
  return graph.constant(`${name}/weight`, 'float32', [weight.length], weight);
}
