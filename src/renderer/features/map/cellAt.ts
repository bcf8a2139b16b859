import type { MapDescription, MapTile } from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';
import type { MapLayout, Zone } from './mapLayout.ts';

/** One cell of the map: a layer, a zone, and a column in it. */
export interface Cell {
  readonly layer: number;
  readonly zone: 'sinks' | 'distant' | 'recent' | 'mass';
  readonly column: number;
}

const ZONES = ['sinks', 'distant', 'recent', 'mass'] as const;

/** The cell under a point in CSS pixels; null between the zones. */
export function cellAt(layout: MapLayout, x: number, y: number): Cell | null {
  const layer = Math.floor((y - layout.top) / layout.rowHeight);
  if (layer < 0 || layer >= layout.layers) return null;
  for (const zone of ZONES) {
    const { left, width, columns }: Zone = layout[zone];
    if (columns > 0 && x >= left && x < left + width) {
      return { layer, zone, column: Math.floor(((x - left) / width) * columns) };
    }
  }
  return null;
}

/** The neighbour of a cell by arrow keys; steps walk through the zones from left to right. */
export function stepCell(layout: MapLayout, cell: Cell, dx: number, dy: number): Cell {
  const layer = Math.max(0, Math.min(layout.layers - 1, cell.layer + dy));
  const zones = ZONES.filter((zone) => layout[zone].columns > 0);
  let at = zones.indexOf(cell.zone);
  let column = cell.column + dx;
  if (column < 0 && at > 0) {
    at -= 1;
    column = layout[zones[at] ?? cell.zone].columns - 1;
  } else if (column >= layout[cell.zone].columns && at < zones.length - 1) {
    at += 1;
    column = 0;
  }
  const zone = zones[at] ?? cell.zone;
  return { layer, zone, column: Math.max(0, Math.min(layout[zone].columns - 1, column)) };
}

/** A cell in words: layer, zone, tokens, and the weight it holds. */
export function describeCell(cell: Cell, layout: MapLayout, tile: MapTile, { bands }: MapDescription): string {
  const layer = `Layer ${cell.layer}`;
  const block = layout.blocks.find(({ firstLayer, lastLayer }) => cell.layer >= firstLayer && cell.layer <= lastLayer);
  switch (cell.zone) {
    case 'sinks':
      return `${layer}, first token ${cell.column}: ${weight(tile.sinks[cell.layer * tile.sinkTokens + cell.column])}`;
    case 'recent': {
      const value = tile.recent[cell.layer * tile.recentTokens + cell.column];
      return `${layer}, own keys, recent token ${formatCount(tile.recentStart + cell.column)}: ${weight(value)}`;
    }
    case 'distant': {
      const from = tile.sinkTokens + Math.floor((cell.column * tile.distantTokens) / tile.distantColumns);
      const to = tile.sinkTokens + Math.ceil(((cell.column + 1) * tile.distantTokens) / tile.distantColumns) - 1;
      const at = (block?.band ?? 0) * tile.distantColumns + cell.column;
      const found = tile.unread[at] ? 'scored, not read for this word' : weight(tile.distant[at]);
      const members = bands[block?.band ?? 0]?.layers ?? [];
      const keys = block?.shared
        ? `layers ${members.join(', ')} on the keys of layer ${block.leader}`
        : `${layer} on its own keys`;
      return `Distant tokens ${formatCount(from)} to ${formatCount(to)}, ${keys}: ${found}`;
    }
    case 'mass':
      return `${layer}: ${massWords(tile, cell.layer)}`;
    default:
      return cell.zone satisfies never;
  }
}

/** How a layer's attention is split, in words. */
export function massWords(tile: MapTile, layer: number): string {
  const [sinks, distant, recent] = [0, 1, 2].map((part) => percent(tile.mass[layer * 3 + part] ?? 0));
  return `first tokens ${sinks}, distant ${distant}, recent ${recent}`;
}

/** A share of attention as people read it. */
export function percent(share: number): string {
  if (share <= 0) return '0%';
  if (share < 0.0001) return 'below 0.01%';
  return `${(share * 100).toFixed(share < 0.01 ? 2 : 1)}%`;
}

/** The weight a cell's byte stands for: see `MapTile`. */
function weight(value: number | undefined): string {
  return value ? `${percent(2 ** ((value / 255 - 1) * 20))} of the attention` : 'next to nothing';
}
