import { describe, expect, it } from 'vitest';
import type { PairFit, PairTable } from '#engine/explore/pairTable.ts';
import { searchPlan } from '#engine/explore/planSearch.ts';
import { savingsLadder, searchSaving } from '#engine/explore/searchSaving.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';

/** Errors by chance; `longest` layers in a block at most. */
function randomTable(seed: number, { layers = 6, kvHeads = 2, longest = 4 } = {}): PairTable {
  const random = seededRandom(seed);
  const fit = (): PairFit => {
    const [prose, copy, retrieval] = [random(), random(), random()];
    return { error: { prose, copy, retrieval }, worstLookup: Math.max(copy, retrieval), mix: [[1, 0]] };
  };
  return {
    shape: { layers, heads: kvHeads, kvHeads, headDim: 4 },
    fits: Array.from({ length: layers }, (_, leader) =>
      Array.from({ length: layers }, (__, follower) =>
        follower > leader && follower - leader < longest ? Array.from({ length: kvHeads }, fit) : null,
      ),
    ),
  };
}

const total = ({ error }: { error: { prose: number; copy: number; retrieval: number } }): number =>
  error.prose + error.copy + error.retrieval;

describe('searchSaving', () => {
  it('drops what was wished at the least error of all numbers of leaders', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const table = randomTable(seed);
      const found = searchSaving(table, { saving: 0.5 });
      expect(found.keysDropped).toBe(0.5);
      const others = [2, 3].map((leaders) => searchPlan(table, { leaders, protectedHeads: (6 - leaders) * 2 - 6 }));
      for (const other of others) expect(total(found)).toBeLessThanOrEqual(total(other) + 1e-12);
      expect(others.map(total)).toContain(total(found));
    }
  });

  it('rounds up to whole heads', () => {
    expect(searchSaving(randomTable(1), { saving: 0.4 }).keysDropped).toBeCloseTo(5 / 12, 12);
    expect(searchSaving(randomTable(1), { saving: 1 / 3 }).keysDropped).toBeCloseTo(1 / 3, 12);
  });

  it('keeps as many heads as it is told', () => {
    const found = searchSaving(randomTable(1), { saving: 0.5, protectedHeads: 2 });
    expect(found.protected).toHaveLength(2);
    expect(found.keysDropped).toBeGreaterThanOrEqual(0.5);
  });

  it('says how much is possible when that is less', () => {
    // Blocks of four: two leaders of six layers.
    expect(() => searchSaving(randomTable(1), { saving: 0.7 })).toThrow('the most that this model allows is 66.7%');
    expect(() => searchSaving(randomTable(1), { saving: 1 })).toThrow('must be above 0 and below 1');
    expect(() => searchSaving(randomTable(1), { saving: Number.NaN })).toThrow('must be above 0 and below 1');
  });
});

describe('savingsLadder', () => {
  it('rises to what is possible, and each step is the best of its saving', () => {
    const table = randomTable(3);
    const ladder = savingsLadder(table);
    const dropped = ladder.map(({ keysDropped }) => Number((keysDropped * 12).toFixed(6)));
    expect(dropped).toEqual([2, 3, 4, 5, 6, 7, 8]);
    for (const step of ladder) expect(step).toEqual(searchSaving(table, { saving: step.keysDropped }));
  });

  it('has each plan once in a model of few layers', () => {
    const ladder = savingsLadder(randomTable(1, { layers: 3, kvHeads: 1 }));
    expect(ladder.map(({ keysDropped }) => keysDropped)).toEqual([1 / 3, 2 / 3]);
  });
});
