import { describe, expect, it } from 'vitest';
import { groupLayers, type LayerBlock } from '#engine/explore/groupLayers.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';

/** Every way to cut `layers` into `blocks`, by trying them all. */
function* allCuts(layers: number, blocks: number, start = 0): Generator<LayerBlock[]> {
  if (blocks === 1) {
    yield [{ leader: start, end: layers }];
    return;
  }
  for (let end = start + 1; end <= layers - blocks + 1; end += 1) {
    for (const rest of allCuts(layers, blocks - 1, end)) yield [{ leader: start, end }, ...rest];
  }
}

const costOf = (blocks: readonly LayerBlock[], cost: (a: number, b: number) => number): number =>
  blocks.reduce((sum, { leader, end }) => {
    for (let layer = leader + 1; layer < end; layer += 1) sum += cost(leader, layer);
    return sum;
  }, 0);

describe('groupLayers', () => {
  it('finds the blocks a model was made of', () => {
    const blockOf = [0, 1, 1, 1, 4, 4, 6];
    const cost = (leader: number, follower: number): number => (blockOf[leader] === blockOf[follower] ? 0.1 : 5);
    expect(groupLayers(7, 4, cost)).toEqual([
      { leader: 0, end: 1 },
      { leader: 1, end: 4 },
      { leader: 4, end: 6 },
      { leader: 6, end: 7 },
    ]);
  });

  it.each([1, 2, 3, 5, 8])('is as cheap as the best of all cuts into %i', (blocks) => {
    const random = seededRandom(blocks);
    const table = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => random()));
    const cost = (a: number, b: number): number => table[a]![b]!;
    const found = groupLayers(8, blocks, cost)!;
    const best = Math.min(...[...allCuts(8, blocks)].map((cut) => costOf(cut, cost)));
    expect(found).toHaveLength(blocks);
    expect(costOf(found, cost)).toBeCloseTo(best, 12);
  });

  it('says when forbidden pairs leave no cut', () => {
    const atMostTwo = (leader: number, follower: number): number => (follower - leader < 2 ? 1 : Infinity);
    expect(groupLayers(6, 2, atMostTwo)).toBeNull();
    expect(groupLayers(6, 3, atMostTwo)).toEqual([
      { leader: 0, end: 2 },
      { leader: 2, end: 4 },
      { leader: 4, end: 6 },
    ]);
  });
});
