import type { MapDescription, MapTile } from '#shared/domain/index.ts';

/** A stretch of the map's x axis, in CSS pixels. */
export interface Zone {
  readonly left: number;
  readonly width: number;
  /** Cells across. */
  readonly columns: number;
}

/** Neighbouring layers that read the distant keys of one leader, drawn as one tall band. */
export interface Block {
  /** Index among the description's bands: the row of `tile.distant`. */
  readonly band: number;
  readonly leader: number;
  readonly firstLayer: number;
  readonly lastLayer: number;
  /** Whether more than one layer reads these keys. */
  readonly shared: boolean;
}

/** Where everything of a map lies, in CSS pixels from its upper left corner. */
export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly layers: number;
  readonly sinks: Zone;
  readonly distant: Zone;
  readonly recent: Zone;
  readonly mass: Zone;
  readonly blocks: readonly Block[];
}

const GUTTER = 34;
const GAP = 14;
const TITLE_HEIGHT = 24;
const MASS_WIDTH = 112;
const SINK_CELL = 9;
/** A zone narrower than this has no room for its title. */
const MIN_RECENT = 150;

/** @param availableHeight in CSS pixels; rows are between 7 and 22 high */
export function layoutMap(
  tile: MapTile,
  description: MapDescription,
  width: number,
  availableHeight: number,
  showSinks: boolean,
): MapLayout {
  const rowHeight = Math.max(7, Math.min(22, Math.floor((availableHeight - TITLE_HEIGHT - 2) / tile.layers)));
  const sinkWidth = showSinks ? Math.max(44, tile.sinkTokens * SINK_CELL) : 0;
  const massLeft = width - MASS_WIDTH;
  const start = GUTTER + (showSinks ? sinkWidth + GAP : 0);
  const free = Math.max(120, massLeft - GAP - start);
  const recentWidth =
    tile.distantTokens === 0
      ? free
      : Math.min(free * 0.55, Math.max(MIN_RECENT, Math.min(tile.recentTokens, free * 0.4)));
  const distantWidth = tile.distantTokens === 0 ? 0 : free - recentWidth - GAP;
  return {
    width,
    height: TITLE_HEIGHT + rowHeight * tile.layers + 2,
    top: TITLE_HEIGHT,
    rowHeight,
    layers: tile.layers,
    sinks: { left: GUTTER, width: sinkWidth, columns: showSinks ? tile.sinkTokens : 0 },
    distant: { left: start, width: distantWidth, columns: tile.distantColumns },
    recent: { left: massLeft - GAP - recentWidth, width: recentWidth, columns: tile.recentTokens },
    mass: { left: massLeft, width: MASS_WIDTH, columns: 3 },
    blocks: blocksOf(description),
  };
}

/**
 * Runs of layers with the same band. A layer in several bands (its KV heads follow different
 * leaders) is drawn with the one it leads, else with the first it follows.
 */
export function blocksOf({ layers, bands }: MapDescription): readonly Block[] {
  const blocks: Block[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const led = bands.findIndex((band) => band.leader === layer);
    const index = led >= 0 ? led : bands.findIndex((band) => band.layers.some((member) => member === layer));
    const band = bands[index];
    if (!band) continue;
    const last = blocks.at(-1);
    if (last?.band === index && last.lastLayer === layer - 1) blocks[blocks.length - 1] = { ...last, lastLayer: layer };
    else {
      blocks.push({
        band: index,
        leader: band.leader,
        firstLayer: layer,
        lastLayer: layer,
        shared: band.layers.length > 1,
      });
    }
  }
  return blocks;
}
