import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { cellAt, describeCell, stepCell } from '../../../src/renderer/features/map/cellAt.ts';
import { LayerTable } from '../../../src/renderer/features/map/LayerTable.tsx';
import { MapLegend } from '../../../src/renderer/features/map/MapLegend.tsx';
import { blocksOf, layoutMap } from '../../../src/renderer/features/map/mapLayout.ts';
import { createMapStore } from '../../../src/renderer/features/map/mapStore.ts';
import { paintMap } from '../../../src/renderer/features/map/paintMap.ts';
import { mapColours } from '../../../src/renderer/features/map/ramps.ts';
import { readWords } from '../../../src/renderer/features/map/readWords.ts';
import { answerId, layerIndex, type MapTileRequest } from '../../../src/shared/domain/index.ts';
import { FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleMap, sampleTile } from '../../fakes/sampleMap.ts';

afterEach(() => vi.restoreAllMocks());

const tile = sampleTile(0, 512);
/** Of a word after the first, which reads some pages only. */
const written = sampleTile(4, 512);
const leftOf = ({ unread, distantColumns }: typeof tile, band: number): number =>
  unread.subarray(band * distantColumns, (band + 1) * distantColumns).indexOf(1);
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

it('says of a cell that was scored and not read that it was not read', () => {
  const words = describeCell({ layer: 4, zone: 'distant', column: leftOf(written, 2) }, layout, written, sampleMap);
  expect(words).toMatch(/^Distant tokens .* on the keys of layer 2: scored, not read for this word$/);
  const nothing = { ...written, unread: new Uint8Array(written.unread.length) };
  expect(describeCell({ layer: 4, zone: 'distant', column: leftOf(written, 2) }, layout, nothing, sampleMap)).toMatch(
    /: next to nothing$/,
  );
});

it.each(['light', 'dark'] as const)('paints what was not read as dots on bare paper, also in the %s theme', (theme) => {
  const colours = mapColours(theme);
  const half = { ...tile, distant: new Uint8Array(tile.distant.length), unread: new Uint8Array(tile.unread.length) };
  for (let band = 0; band < sampleMap.bands.length; band += 1) half.unread.fill(1, band * 512, band * 512 + 256);
  const image = { width: 900, height: layout.height, data: new Uint8ClampedArray(900 * layout.height * 4) };
  paintMap(image as ImageData, 1, layout, half, colours);
  const colourCounts = (layer: number, from: number): Map<string, number> => {
    const counts = new Map<string, number>();
    for (let y = 0; y < layout.rowHeight - 1; y += 1) {
      for (let x = 0; x < 36; x += 1) {
        const at = ((layout.top + layer * layout.rowHeight + y) * 900 + Math.round(layout.distant.left) + from + x) * 4;
        const colour = image.data.subarray(at, at + 3).join(' ');
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
    }
    return counts;
  };
  for (const layer of [0, 3]) {
    const unread = colourCounts(layer, 4);
    const paper = colours.background.join(' ');
    expect(unread.size).toBe(2);
    const dots = 36 * (layout.rowHeight - 1) - (unread.get(paper) ?? 0);
    // Sparse, yet in each row of pixels that a layer has.
    expect(dots).toBeGreaterThan(36 * (layout.rowHeight - 1) * 0.03);
    expect(dots).toBeLessThan(36 * (layout.rowHeight - 1) * 0.12);
    expect(colourCounts(layer, Math.ceil(layout.distant.width / 2) + 4).has(paper)).toBe(false);
  }
});

it('explains what was not read in the legend and by layer, only where the map has any', () => {
  const legend = (of: typeof tile): string => renderToStaticMarkup(createElement(MapLegend, { tile: of }));
  const table = (of: typeof tile): string =>
    renderToStaticMarkup(createElement(LayerTable, { tile: of, description: sampleMap }));
  expect(legend(written)).toContain('not read');
  expect(legend(tile)).not.toContain('not read');
  expect(table(written)).toContain('This word read 512 of 3,120 distant tokens in every layer.');
  expect(table(written)).toContain('<th scope="row">5</th><td>of layer 2</td><td>512</td>');
  expect(table(tile)).not.toMatch(/This word read|>Read</);
  const uneven = { ...written, distantRead: Uint32Array.from(written.distantRead, (read, layer) => read + 16 * layer) };
  expect(readWords(uneven)).toBe('This word read 512 to 880 of 3,120 distant tokens, depending on the layer.');
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
