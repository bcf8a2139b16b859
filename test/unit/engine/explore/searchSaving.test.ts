import { describe, expect, it } from 'vitest';
import type { PairFit, PairTable } from '#engine/explore/pairTable.ts';
import type { SharingSearch } from '#engine/explore/planSearch.ts';
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

const cost = ({ error, worstLookup }: PairFit): number => error.prose + error.copy + error.retrieval + 2 * worstLookup;

/** What a sharing costs, added up from its own layers. */
function total(table: PairTable, { layers }: SharingSearch): number {
  const costs = layers.flatMap(({ layer, kvHeads }) =>
    kvHeads.map((head, kvHead) => (head.kind === 'own' ? 0 : cost(table.fits[head.leader]![layer]![kvHead]!))),
  );
  return costs.reduce((sum, one) => sum + one, 0);
}

/** The least that `count` followers cost, by trying every way to cut the layers. */
function leastByTrying(table: PairTable, count: number): number {
  const { layers, kvHeads } = table.shape;
  let least = Infinity;
  for (let cuts = 0; cuts < 2 ** (layers - 1); cuts += 1) {
    let leader = 0;
    const costs: number[] = [];
    for (let layer = 1; layer < layers; layer += 1) {
      if (cuts & (1 << (layer - 1))) leader = layer;
      else costs.push(...(table.fits[leader]![layer]?.map(cost) ?? Array<number>(kvHeads).fill(Infinity)));
    }
    costs.sort((a, b) => a - b);
    if (costs.length >= count)
      least = Math.min(
        least,
        costs.slice(0, count).reduce((sum, one) => sum + one, 0),
      );
  }
  return least;
}

describe('searchSaving', () => {
  it('drops what was wished at the least cost of all blocks and heads', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const table = randomTable(seed);
      for (const [saving, count] of [
        [0.25, 3],
        [0.5, 6],
        [7 / 12, 7],
      ] as const) {
        const found = searchSaving(table, saving);
        expect(found.keysDropped).toBe(saving);
        expect(total(table, found)).toBeCloseTo(leastByTrying(table, count), 9);
      }
    }
  });

  it('lets heads follow the layer at the bottom of their block, which keeps all keys', () => {
    const { layers, blocks, protected: kept } = searchSaving(randomTable(2), 0.5);
    for (const { leader, end } of blocks) {
      expect(layers[leader]!.kvHeads.every(({ kind }) => kind === 'own')).toBe(true);
      for (const { kvHeads } of layers.slice(leader + 1, end)) {
        for (const head of kvHeads) if (head.kind === 'follower') expect(head.leader).toBe(leader);
      }
    }
    for (const { layer, kvHead } of kept) expect(layers[layer]!.kvHeads[kvHead]!.kind).toBe('own');
  });

  it('rounds up to whole heads', () => {
    expect(searchSaving(randomTable(1), 0.4).keysDropped).toBeCloseTo(5 / 12, 12);
    expect(searchSaving(randomTable(1), 1 / 3).keysDropped).toBeCloseTo(1 / 3, 12);
  });

  it('says how much is possible when that is less', () => {
    // Blocks of four: two leaders of six layers.
    expect(() => searchSaving(randomTable(1), 0.7)).toThrow('the most that this model allows is 66.7%');
    expect(() => searchSaving(randomTable(1), 1)).toThrow('must be above 0 and below 1');
    expect(() => searchSaving(randomTable(1), Number.NaN)).toThrow('must be above 0 and below 1');
  });
});

describe('savingsLadder', () => {
  it('rises to what is possible, and each step is the best of its saving', () => {
    const table = randomTable(3);
    const ladder = savingsLadder(table);
    const dropped = ladder.map(({ keysDropped }) => Number((keysDropped * 12).toFixed(6)));
    expect(dropped).toEqual([2, 3, 4, 5, 6, 7, 8]);
    for (const step of ladder) expect(step).toEqual(searchSaving(table, step.keysDropped));
  });

  it('has each plan once in a model of few layers', () => {
    const ladder = savingsLadder(randomTable(1, { layers: 3, kvHeads: 1 }));
    expect(ladder.map(({ keysDropped }) => keysDropped)).toEqual([1 / 3, 2 / 3]);
  });
});
