import type { CachePlan } from '#shared/domain/index.ts';
import { rotationMatrix } from '../cache/rotation.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';

/** Whether distant values are kept rotated: they are where they have 4 bits. */
export const rotatesValues = ({ farValues }: CachePlan): boolean => farValues === 'int4';

/**
 * Sums of rotated values are rotated sums: turning these few back is all it takes.
 * @param sums `[..., headDim]`
 */
export function turnBack(graph: GraphBuilder, headDim: number, sums: Edge, at: string): Edge {
  const rotation = graph.sharedConstant('/rotation', 'float32', [headDim, headDim], () => rotationMatrix(headDim));
  return graph.node('MatMul', [sums, rotation], { name: `${at}/rotation/MatMul` });
}
