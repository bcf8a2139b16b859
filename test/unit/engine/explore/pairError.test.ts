import { describe, expect, it } from 'vitest';
import { pairError } from '#engine/explore/pairError.ts';
import { syntheticSample } from './syntheticSample.ts';

const pair = { leader: 0, follower: 1, head: 0 };
const identity = [1, 0, 0, 0];

describe('pairError', () => {
  it('is nothing for equal logits and nearly all for opposite ones that matter', () => {
    const same = syntheticSample((z) => [...z], { near: -50 });
    const opposite = syntheticSample((z) => z.map((value) => -8 * value), { near: -50 });
    expect(pairError(same, pair, identity)).toEqual({ prose: 0, copy: 0, retrieval: 0 });
    expect(pairError(opposite, pair, identity).prose).toBeGreaterThan(0.95);
  });

  it('counts a mismatch by the attention distant keys get, not by its shape', () => {
    const wrong = (z: readonly number[]): number[] => z.map((value) => -value);
    const distant = pairError(syntheticSample(wrong, { near: -50 }), pair, identity);
    const near = pairError(syntheticSample(wrong, { near: 20 }), pair, identity);
    expect(near.prose).toBeLessThan(distant.prose / 1000);
  });

  it('keeps prose and copying apart', () => {
    const sample = syntheticSample((z) => [...z], { near: -50 });
    const copying = sample.queries[1]!;
    sample.logits[1]!.fill(0, copying.firstRow * 3, (copying.firstRow + copying.rows) * 3);
    const error = pairError(sample, pair, identity);
    expect(error.prose).toBe(0);
    expect(error.copy).toBeGreaterThan(0.01);
  });

  it('is the total variation: one key of two, moved by half', () => {
    // Own logits [0, 0] and near 0: a third each. Bias of log 2 on both: 2/5, 2/5 and 1/5.
    const sample = syntheticSample(() => [0, 0, 0], { queries: 1, rows: 2, near: 0 });
    const error = pairError(sample, pair, [0, 0, 0, Math.log(2)]);
    expect(error.prose).toBeCloseTo((2 * (2 / 5 - 1 / 3) + (1 / 3 - 1 / 5)) / 2, 10);
  });
});
