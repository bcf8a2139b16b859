import { afterEach, expect, it, vi } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { cellAt, describeCell, stepCell } from '../../../src/renderer/features/map/cellAt.ts';
import { blocksOf, layoutMap } from '../../../src/renderer/features/map/mapLayout.ts';
import { createMapStore } from '../../../src/renderer/features/map/mapStore.ts';
import { paintMap } from '../../../src/renderer/features/map/paintMap.ts';
import { mapColours } from '../../../src/renderer/features/map/ramps.ts';
import { answerId, layerIndex, type MapTileRequest } from '../../../src/shared/domain/index.ts';
import { FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleMap, sampleTile } from '../../fakes/sampleMap.ts';

afterEach(() => vi.restoreAllMocks());

const tile = sampleTile(0, 512);
const layout = layoutMap(tile, sampleMap, 900, 500, false);

it('draws the layers that read one leader’s keys as one tall band', () => {
  expect(blocksOf(sampleMap)).toContainEqual({ band: 2, leader: 2, firstLayer: 2, lastLayer: 6, shared: true });
  expect(blocksOf(sampleMap)).toContainEqual({ band: 0, leader: 0, firstLayer: 0, lastLayer: 0, shared: false });
  const covered = blocksOf(sampleMap).reduce((sum, block) => sum + block.lastLayer - block.firstLayer + 1, 0);
  expect(covered).toBe(sampleMap.layers);
});

it('draws a layer that leads one band and follows another with the one it leads', () => {
  const bands = [
    { leader: layerIndex(0), layers: [layerIndex(0), layerIndex(1), layerIndex(2)] },
    { leader: layerIndex(1), layers: [layerIndex(1)] },
  ];
  expect(blocksOf({ ...sampleMap, layers: 3, bands }).map(({ leader }) => leader)).toEqual([0, 1, 0]);
});

it('keeps its zones apart and inside the picture', () => {
  const zones = [layout.distant, layout.recent, layout.mass];
  zones.slice(1).forEach((zone, index) => {
    const before = zones[index]!;
    expect(zone.left).toBeGreaterThanOrEqual(before.left + before.width);
  });
  expect(layout.mass.left + layout.mass.width).toBeLessThanOrEqual(900);
});

it('paints a shared band in orange and an own layer in blue, with the same cells in every layer of the band', () => {
  const image = { width: 900, height: layout.height, data: new Uint8ClampedArray(900 * layout.height * 4) };
  const strong = { ...tile, distant: new Uint8Array(tile.distant.length).fill(200) };
  paintMap(image as ImageData, 1, layout, strong, mapColours('light'));
  const pixel = (x: number, layer: number): readonly number[] => {
    const at = ((layout.top + layer * layout.rowHeight + 3) * 900 + x) * 4;
    return [...image.data.subarray(at, at + 3)];
  };
  // Off the hatching: the darkest of seven neighbours is a hatch line, the lightest is the colour itself.
  const lightest = (layer: number): readonly number[] =>
    Array.from({ length: 7 }, (_, step) => pixel(Math.round(layout.distant.left) + 50 + step, layer)).reduce((a, b) =>
      a[0]! + a[1]! + a[2]! >= b[0]! + b[1]! + b[2]! ? a : b,
    );
  const own = lightest(0);
  const shared = lightest(3);
  expect(own[2]).toBeGreaterThan(own[0]!);
  expect(shared[0]).toBeGreaterThan(shared[2]!);
  expect(lightest(5)).toEqual(shared);
  // The bars of where it went keep to the same two colours: the middle of each is distant mass.
  const third = { ...strong, mass: new Float32Array(strong.mass.length).fill(1 / 3) };
  paintMap(image as ImageData, 1, layout, third, mapColours('light'));
  const bar = (layer: number): readonly number[] => pixel(Math.round(layout.mass.left + layout.mass.width / 2), layer);
  expect(bar(0)[2]).toBeGreaterThan(bar(0)[0]!);
  expect(bar(3)[0]).toBeGreaterThan(bar(3)[2]!);
});

it('says what lies under a point, and walks by keys through zones and layers', () => {
  const cell = cellAt(layout, layout.recent.left + layout.recent.width - 1, layout.top + layout.rowHeight * 7 + 2);
  expect(cell).toEqual({ layer: 7, zone: 'recent', column: tile.recentTokens - 1 });
  expect(describeCell(cell!, layout, tile, sampleMap)).toContain('Layer 7, own keys, recent token 3,411');
  expect(cellAt(layout, 2, layout.top + 2)).toBeNull();
  expect(stepCell(layout, { layer: 0, zone: 'recent', column: 0 }, -1, 0)).toEqual({
    layer: 0,
    zone: 'distant',
    column: tile.distantColumns - 1,
  });
  expect(stepCell(layout, { layer: 23, zone: 'recent', column: 0 }, 0, 1).layer).toBe(23);
});

it('names the layers and the leader of a shared cell, and its weight', () => {
  const words = describeCell({ layer: 4, zone: 'distant', column: 0 }, layout, tile, sampleMap);
  expect(words).toMatch(/^Distant tokens 4 to \d+, layers 2, 3, 4, 5, 6 on the keys of layer 2: .* of the attention$/);
});

it('fetches each tile once, and gives up the one that is no longer looked at', async () => {
  const asked: [MapTileRequest, AbortSignal][] = [];
  const store = createMapStore(
    createBridge(new FakeBridge({ 'maps.describe': () => sampleMap })),
    (_answer, request, signal) => {
      asked.push([request, signal]);
      return request.answerToken === 1
        ? new Promise(() => undefined)
        : Promise.resolve(sampleTile(request.answerToken, 64));
    },
  );
  await store.getState().open(answerId('a'));
  store.getState().setToken(1);
  store.getState().setToken(0);
  expect(asked.map(([{ answerToken }]) => answerToken)).toEqual([0, 1]);
  expect(asked[1]?.[1].aborted).toBe(true);
  expect(store.getState().tile?.answerToken).toBe(0);
  store.getState().setToken(9999);
  expect(store.getState().token).toBe(sampleMap.answerTokens - 1);
});

it('says why there is no map, and can try again', async () => {
  const store = createMapStore(createBridge(new FakeBridge()), () => Promise.reject(new Error('unused')));
  await store.getState().open(answerId('gone'));
  expect(store.getState()).toMatchObject({ loading: false, tile: null });
  expect(store.getState().error?.advice).not.toBe('');
});
