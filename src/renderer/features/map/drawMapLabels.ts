import type { MapTile } from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';
import type { MapLayout } from './mapLayout.ts';
import type { MapColours } from './ramps.ts';
import { hasUnread } from './readWords.ts';

const FONT = '"Segoe UI", "Noto Sans", "Liberation Sans", system-ui, sans-serif';
/** Below this row height a layer number would touch its neighbours. */
const MIN_LABEL_ROW = 11;

/** Writes titles, layer numbers and block tags over the painted cells, so that an exported picture explains itself. */
export function drawMapLabels(
  context: CanvasRenderingContext2D,
  scale: number,
  layout: MapLayout,
  tile: MapTile,
  colours: MapColours,
): void {
  const rgb = (colour: readonly number[], alpha = 1): string => `rgb(${colour.join(' ')} / ${alpha})`;
  context.save();
  context.scale(scale, scale);
  context.textBaseline = 'middle';
  const title = (text: string, left: number, width: number): void => {
    context.fillText(text, left, layout.top / 2 - 1, Math.max(20, width));
  };
  context.fillStyle = rgb(colours.ink, 0.78);
  context.font = `12px ${FONT}`;
  if (layout.sinks.columns > 0) title('first', layout.sinks.left, layout.sinks.width);
  if (layout.distant.width > 0) {
    const tokens = `Distant: ${formatCount(tile.distantTokens)} tokens`;
    const withDots = `${tokens}, dotted: not read`;
    const fits = context.measureText(withDots).width <= layout.distant.width;
    title(fits && hasUnread(tile) ? withDots : tokens, layout.distant.left, layout.distant.width);
  }
  title(`Recent: ${formatCount(tile.recentTokens)} tokens, own keys`, layout.recent.left, layout.recent.width);
  title('Where it went', layout.mass.left, layout.mass.width);

  context.textAlign = 'right';
  context.font = `10px ${FONT}`;
  const step = layout.rowHeight >= MIN_LABEL_ROW ? 1 : Math.ceil(MIN_LABEL_ROW / layout.rowHeight);
  for (let layer = 0; layer < layout.layers; layer += step) {
    context.fillText(String(layer), 26, layout.top + (layer + 0.5) * layout.rowHeight);
  }

  context.textAlign = 'left';
  context.font = `11px ${FONT}`;
  for (const block of layout.blocks) {
    if (!block.shared || layout.distant.width < 120) continue;
    const height = (block.lastLayer - block.firstLayer + 1) * layout.rowHeight;
    const top = layout.top + block.firstLayer * layout.rowHeight;
    context.strokeStyle = rgb(colours.mass.sharedDistant);
    context.lineWidth = 1;
    context.strokeRect(layout.distant.left - 0.5, top - 0.5, layout.distant.width + 1, height);
    if (height < 14) continue;
    const text = `shared, keys of layer ${block.leader}`;
    const width = context.measureText(text).width + 10;
    context.fillStyle = rgb(colours.background, 0.88);
    context.fillRect(layout.distant.left + 3, top + 2, width, 14);
    context.fillStyle = rgb(colours.ink);
    context.fillText(text, layout.distant.left + 8, top + 9.5);
  }
  context.restore();
}
