import { describe, expect, it } from 'vitest';
import type { PairFit, PairTable } from '#engine/explore/pairTable.ts';
import { searchPlan } from '#engine/explore/planSearch.ts';
import { protectHeads } from '#engine/explore/protectHeads.ts';

/** Layers 1 to 3 look alike and 4 to 5 do; KV head 1 of layer 3 copies. */
function syntheticTable(): PairTable {
  const blockOf = [0, 1, 1, 1, 4, 4];
  const fit = (leader: number, follower: number, kvHead: number): PairFit => {
    const copy = follower === 3 && kvHead === 1 ? 0.9 : 0.01;
    const prose = blockOf[leader] === blockOf[follower] ? 0.01 : 1;
    return { error: { prose, copy, retrieval: 0 }, worstLookup: copy, mix: [[leader, follower, kvHead]] };
  };
  return {
    shape: { layers: 6, heads: 2, kvHeads: 2, headDim: 4 },
    fits: blockOf.map((_, leader) =>
      blockOf.map((__, follower) => (follower > leader ? [fit(leader, follower, 0), fit(leader, follower, 1)] : null)),
    ),
  };
}

describe('searchPlan', () => {
  it('makes leaders of the lowest layers of the blocks and gives followers their mix', () => {
    const found = searchPlan(syntheticTable(), { leaders: 3, kindWeights: { prose: 1, copy: 0, retrieval: 0 } });
    expect(found.blocks.map(({ leader }) => leader)).toEqual([0, 1, 4]);
    expect(found.layers[4]!.kvHeads).toEqual([{ kind: 'own' }, { kind: 'own' }]);
    expect(found.layers[2]!.kvHeads[1]).toEqual({ kind: 'follower', leader: 1, mix: [[1, 2, 1]] });
    expect(found.keysDropped).toBe(0.5);
  });

  it('lets the head that copies keep its own keys', () => {
    const found = searchPlan(syntheticTable(), { leaders: 3, protectedHeads: 1 });
    expect(found.protected).toEqual([{ layer: 3, kvHead: 1 }]);
    expect(found.layers[3]!.kvHeads[1]).toEqual({ kind: 'own' });
    expect(found.layers[3]!.kvHeads[0]!.kind).toBe('follower');
    expect(found.keysDropped).toBeCloseTo(5 / 12, 12);
    expect(found.error.copy).toBeLessThan(0.1);
  });

  it('drops nothing when every layer leads', () => {
    const found = searchPlan(syntheticTable(), { leaders: 6 });
    expect(found.keysDropped).toBe(0);
    expect(found.layers.flatMap(({ kvHeads }) => kvHeads).every(({ kind }) => kind === 'own')).toBe(true);
  });

  it('says when there are more leaders than layers', () => {
    expect(() => searchPlan(syntheticTable(), { leaders: 7 })).toThrow('7 leaders cannot be placed in 6 layers');
  });
});

describe('protectHeads', () => {
  it('takes the dearest, the lower layer first among equals', () => {
    const places = [
      { layer: 5, kvHead: 0 },
      { layer: 2, kvHead: 1 },
      { layer: 3, kvHead: 0 },
    ];
    expect(protectHeads(places, [0.4, 0.4, 0.1], 1)).toEqual([{ layer: 2, kvHead: 1 }]);
    expect(protectHeads(places, [0.4, 0.4, 0.5], 2).map(({ layer }) => layer)).toEqual([3, 2]);
  });
});
