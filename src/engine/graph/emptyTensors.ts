import type { Edge, GraphBuilder } from './graphBuilder.ts';

/** A shared tensor without elements. @param shape with a 0 in it */
export const emptyFloats = (graph: GraphBuilder, shape: readonly number[]): Edge =>
  graph.sharedConstant(`/empty/${shape.join('x')}`, 'float32', shape, () => new Float32Array(0));

/** A shared list of no whole numbers. */
export const emptyIntegers = (graph: GraphBuilder): Edge =>
  graph.sharedConstant('/empty/integers', 'int64', [0], () => new BigInt64Array(0));
