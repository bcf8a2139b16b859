import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';

/** The inputs that turn a chunk's queries and keys: rows of cosines and sines, made by `ropeTable`. */
export interface RopeInputs {
  /** `[s, ropeDims / 2]` */
  readonly cos: Edge;
  readonly sin: Edge;
}

export function ropeInputs(graph: GraphBuilder, model: Pick<ModelDescription, 'ropeDims'>): RopeInputs {
  const half = model.ropeDims / 2;
  return { cos: graph.input('cos', 'float32', ['s', half]), sin: graph.input('sin', 'float32', ['s', half]) };
}

/** The same for sliding layers, which turn by angles of their own. */
export function slidingRopeInputs(graph: GraphBuilder, model: ModelDescription): RopeInputs {
  const half = model.ropeDims / 2;
  return {
    cos: graph.input('slidingCos', 'float32', ['s', half]),
    sin: graph.input('slidingSin', 'float32', ['s', half]),
  };
}

/**
 * Turns each head's leading dimensions by the position of its row.
 *
 * The tables hold only the rows of the chunk, so positions count from 0 here: the context is not
 * bounded by a table in the graph.
 * @param input `[1, s, heads * headDim]`
 */
export function rope(
  graph: GraphBuilder,
  model: Pick<ModelDescription, 'ropeDims' | 'ropeInterleaved' | 'headDim'>,
  input: Edge,
  { cos, sin }: RopeInputs,
  options: { readonly name: string; readonly heads: number },
): Edge {
  const partial = model.ropeDims === model.headDim ? {} : { rotary_embedding_dim: model.ropeDims };
  return graph.node('RotaryEmbedding', [input, graph.shape([0]), cos, sin], {
    name: options.name,
    domain: 'com.microsoft',
    attributes: { interleaved: model.ropeInterleaved ? 1 : 0, num_heads: options.heads, ...partial },
  });
}
