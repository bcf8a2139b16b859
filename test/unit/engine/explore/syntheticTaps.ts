import type { SequenceTaps } from '#engine/explore/sampleQueries.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';
import { normal } from './syntheticSample.ts';

export const shape = { layers: 2, heads: 4, kvHeads: 2, headDim: 3 };
export const tokens = 40;

/** Queries and keys of a sequence of `tokens` tokens, from a seed. */
export function syntheticTaps(seed: number): SequenceTaps {
  const random = seededRandom(seed);
  const normals = (length: number): Float32Array => Float32Array.from({ length }, () => normal(random) * 2);
  return {
    shape,
    queryScale: 1 / 2,
    tokens,
    keys: [0, 1].map(() => normals(shape.kvHeads * tokens * shape.headDim)),
    queries: [
      { kind: 'prose', position: 30, distantEnd: 20, query: [0, 1].map(() => normals(shape.heads * shape.headDim)) },
      { kind: 'copy', position: 39, distantEnd: 28, query: [0, 1].map(() => normals(shape.heads * shape.headDim)) },
    ],
  };
}
