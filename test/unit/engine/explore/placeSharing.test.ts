import { expect, it } from 'vitest';
import { placeSharing } from '#engine/explore/placeSharing.ts';
import { layerIndex } from '#shared/domain/index.ts';

it('puts followers and leaders at the layers that see the whole text', () => {
  const shape = { layers: 6, heads: 1, kvHeads: 1, headDim: 4, sliding: { windowTokens: 8, layers: [0, 1, 3, 4] } };
  const own = { kind: 'own' as const };
  const follower = { kind: 'follower' as const, leader: layerIndex(0), mix: [[1, 0]] };
  const placed = placeSharing(
    [
      { layer: layerIndex(0), kvHeads: [own] },
      { layer: layerIndex(1), kvHeads: [follower] },
    ],
    shape,
  );
  expect(placed.map(({ layer }) => layer)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(placed[5]!.kvHeads).toEqual([{ ...follower, leader: 2 }]);
  expect(placed.slice(0, 5).every(({ kvHeads: [head] }) => head!.kind === 'own')).toBe(true);
});
