import type { MapTile } from '#shared/domain/index.ts';
import { drawMapLabels } from './drawMapLabels.ts';
import type { MapLayout } from './mapLayout.ts';
import { paintMap } from './paintMap.ts';
import type { MapColours } from './ramps.ts';

/** Sizes a canvas to a layout at the screen's own resolution, and draws cells and labels. */
export function drawMap(canvas: HTMLCanvasElement, layout: MapLayout, tile: MapTile, colours: MapColours): void {
  const scale = Math.max(1, Math.round(window.devicePixelRatio));
  canvas.width = Math.round(layout.width * scale);
  canvas.height = Math.round(layout.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(canvas.width, canvas.height);
  paintMap(image, scale, layout, tile, colours);
  context.putImageData(image, 0, 0);
  drawMapLabels(context, scale, layout, tile, colours);
}
