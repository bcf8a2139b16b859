import type { LogitSample } from '#engine/explore/logitSample.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';

/** Two-layer sample of 3 heads in 1 KV head, whose second layer is made from the first by `follow`. */
export function syntheticSample(
  follow: (leader: readonly number[], random: () => number) => number[],
  { queries = 12, rows = 80, seed = 7, near = 1 } = {},
): LogitSample {
  const random = seededRandom(seed);
  const heads = 3;
  const leader = new Float32Array(queries * rows * heads);
  const follower = new Float32Array(queries * rows * heads);
  for (let row = 0; row < queries * rows; row += 1) {
    const logits = Array.from({ length: heads }, () => normal(random) * 2);
    leader.set(logits, row * heads);
    follower.set(follow(logits, random), row * heads);
  }
  return {
    shape: { layers: 2, heads, kvHeads: 1, headDim: 4 },
    queries: Array.from({ length: queries }, (_, i) => ({
      kind: i % 2 === 0 ? ('prose' as const) : ('copy' as const),
      position: rows,
      firstRow: i * rows,
      rows,
    })),
    rowWeights: new Float32Array(queries * rows).fill(1),
    logits: [leader, follower],
    nearLogSumExp: [new Float32Array(queries * heads).fill(near), new Float32Array(queries * heads).fill(near)],
  };
}

/** A standard normal number, by Box and Muller. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
