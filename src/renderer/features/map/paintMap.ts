import type { MapTile } from '#shared/domain/index.ts';
import type { MapLayout, Zone } from './mapLayout.ts';
import type { MapColours, Ramp } from './ramps.ts';

/** Pixel sizes are in device pixels: CSS pixels times `scale`. */
interface Canvas {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

const HATCH_PX = 7;
/** Dots on what was not read stand this far apart; every other row is shifted by half of it. */
const DOT_STEP_PX = 6;
const DOT_ROW_PX = 3;

/**
 * Paints the cells of a map into an image, one colour table look-up a pixel. Where a zone is
 * narrower than its columns, a pixel shows the strongest of its columns, so that no needle is lost.
 * Distant tokens that were scored and not read are dots on bare paper, so that no weight seems to be shown.
 */
export function paintMap(image: ImageData, scale: number, layout: MapLayout, tile: MapTile, colours: MapColours): void {
  const canvas: Canvas = { data: image.data, width: image.width, height: image.height, scale };
  fill(canvas, 0, 0, image.width, image.height, colours.background);
  const rows = (first: number, last: number): readonly [number, number] => [
    layout.top + first * layout.rowHeight,
    layout.top + (last + 1) * layout.rowHeight - 1,
  ];
  for (let layer = 0; layer < layout.layers; layer += 1) {
    const [top, bottom] = rows(layer, layer);
    cells(canvas, layout.sinks, tile.sinks, layer, top, bottom, colours.sinks, false, colours);
    cells(canvas, layout.recent, tile.recent, layer, top, bottom, colours.own, false, colours);
  }
  for (const block of layout.blocks) {
    const [top, bottom] = rows(block.firstLayer, block.lastLayer);
    const ramp = block.shared ? colours.shared : colours.own;
    cells(canvas, layout.distant, tile.distant, block.band, top, bottom, ramp, block.shared, colours);
    unreadCells(canvas, layout.distant, tile.unread, block.band, top, bottom, colours);
    for (let layer = block.firstLayer; layer <= block.lastLayer; layer += 1) {
      massBar(canvas, layout, tile, layer, block.shared, ...rows(layer, layer), colours);
    }
  }
}

function cells(
  canvas: Canvas,
  zone: Zone,
  values: Uint8Array,
  row: number,
  top: number,
  bottom: number,
  ramp: Ramp,
  hatched: boolean,
  colours: MapColours,
): void {
  if (zone.columns === 0 || zone.width <= 0) return;
  const { data, scale } = canvas;
  const left = Math.round(zone.left * scale);
  const width = Math.round(zone.width * scale);
  const first = Math.round(top * scale);
  const last = Math.round(bottom * scale);
  const hatch = HATCH_PX * scale;
  for (let x = 0; x < width; x += 1) {
    const value = columnsAt(values, zone, width, row, x).reduce((most, cell) => Math.max(most, cell), 0);
    for (let y = first; y < last; y += 1) {
      const at = (y * canvas.width + left + x) * 4;
      // Diagonal lines mark what is shared, for eyes that do not tell the two ramps apart.
      const ink = hatched && (x + y) % hatch < scale ? 0.16 : 0;
      for (let channel = 0; channel < 3; channel += 1) {
        const colour = ramp[value * 3 + channel]!;
        data[at + channel] = colour + (colours.ink[channel]! - colour) * ink;
      }
      data[at + 3] = 255;
    }
  }
}

/** Paints over the columns of which nothing was read: the dots tell them from cells that weigh next to nothing. */
function unreadCells(
  canvas: Canvas,
  zone: Zone,
  unread: Uint8Array,
  row: number,
  top: number,
  bottom: number,
  colours: MapColours,
): void {
  const { data, scale } = canvas;
  const left = Math.round(zone.left * scale);
  const width = Math.round(zone.width * scale);
  const dot = colours.background.map((paper, channel) => paper + (colours.ink[channel]! - paper) * 0.5);
  for (let x = 0; x < width; x += 1) {
    if (columnsAt(unread, zone, width, row, x).includes(0)) continue;
    for (let y = Math.round(top * scale); y < Math.round(bottom * scale); y += 1) {
      const shift = Math.floor(y / (DOT_ROW_PX * scale)) % 2 === 0 ? 0 : (DOT_STEP_PX / 2) * scale;
      const dotted = (x + shift) % (DOT_STEP_PX * scale) < scale && y % (DOT_ROW_PX * scale) < scale;
      data.set(dotted ? dot : colours.background, (y * canvas.width + left + x) * 4);
    }
  }
}

/** The columns of a row that one pixel shows, `x` pixels from the left of their zone; at least one. */
function columnsAt(values: Uint8Array, { columns }: Zone, width: number, row: number, x: number): Uint8Array {
  const from = Math.floor((x * columns) / width);
  const to = Math.max(from + 1, Math.floor(((x + 1) * columns) / width));
  return values.subarray(row * columns + from, row * columns + to);
}

/** Sinks, distant and recent mass of a layer as one bar: dotted, hatched where keys are shared, and plain. */
function massBar(
  canvas: Canvas,
  layout: MapLayout,
  tile: MapTile,
  layer: number,
  shared: boolean,
  top: number,
  bottom: number,
  colours: MapColours,
): void {
  const { sinks, ownDistant, sharedDistant, recent } = colours.mass;
  const parts = [sinks, shared ? sharedDistant : ownDistant, recent];
  const { scale } = canvas;
  let left = layout.mass.left;
  for (const [part, colour] of parts.entries()) {
    const width = (tile.mass[layer * 3 + part] ?? 0) * layout.mass.width;
    fill(canvas, left * scale, top * scale, (left + width) * scale, bottom * scale, colour, (x, y) => {
      if (part === 1) return shared && (x + y) % (HATCH_PX * scale) < scale ? 0.35 : 0;
      return part === 0 && x % (4 * scale) < scale && y % (4 * scale) < scale ? 0.45 : 0;
    });
    left += width;
  }
}

function fill(
  canvas: Canvas,
  left: number,
  top: number,
  right: number,
  bottom: number,
  colour: readonly number[],
  inkAt?: (x: number, y: number) => number,
): void {
  const { data } = canvas;
  for (let y = Math.round(top); y < Math.round(bottom); y += 1) {
    for (let x = Math.round(left); x < Math.round(right); x += 1) {
      const at = (y * canvas.width + x) * 4;
      const keep = 1 - (inkAt?.(x, y) ?? 0);
      data[at] = colour[0]! * keep;
      data[at + 1] = colour[1]! * keep;
      data[at + 2] = colour[2]! * keep;
      data[at + 3] = 255;
    }
  }
}
