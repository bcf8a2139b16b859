import type { CachePlan, MapBand, MapDescription, MapTile, MapTileRequest } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import { isSliding } from '../cache/slidingLayers.ts';
import type { StepAttention } from '../decode/stepAttention.ts';
import { mapBands } from './mapBands.ts';
import { poolColumns } from './poolColumns.ts';
import { readTokens } from './readTokens.ts';
import { cellOfWeight, weightOfCell } from './weightScale.ts';

/**
 * Distant columns kept for each answer token: 24 bands x 512 tokens x 2 poolings take 24 MiB, and where
 * tokens are left unread 12 MiB more say which.
 */
const KEPT_COLUMNS = 1024;

/** Zones of a plan without distant tokens, so that `dense` is drawn as `pod` is. */
const DENSE_ZONES = { sinkTokens: 4, recentTokens: 256 };

interface RecordedToken {
  readonly text: string;
  readonly recentStart: number;
  readonly recentTokens: number;
  readonly distantTokens: number;
  readonly columns: number;
  readonly sinks: Uint8Array;
  readonly recent: Uint8Array;
  readonly distant: Readonly<Record<MapTileRequest['pooling'], Uint8Array>>;
  readonly mass: Float32Array;
  readonly distantRead: Uint32Array;
  /** `[bands, columns]` as in `MapTile`; null where every band read all it scored. */
  readonly unread: Uint8Array | null;
}

/**
 * What one answer attended to: for each of its tokens a row of the map, and over all of them
 * the mass on each token of the prompt. Memory does not grow with the length of the text.
 */
export class AttentionRecord {
  readonly #plan: CachePlan;
  readonly #promptTokens: number;
  readonly #bands: readonly MapBand[];
  readonly #tokens: RecordedToken[] = [];
  /** `[promptTokens]`: summed over the answer's tokens, means over layers and heads. */
  readonly #promptMass: Float64Array;

  constructor(plan: CachePlan, promptTokens: number) {
    this.#plan = plan;
    this.#promptTokens = promptTokens;
    this.#bands = mapBands(plan);
    this.#promptMass = new Float64Array(promptTokens);
  }

  /** Adds the step that made a token. */
  add(text: string, attention: StepAttention): void {
    const { layers } = this.#plan.shape;
    const positions = attention.nearPositions.at(-1)! + 1;
    const zones = this.#zones(attention, positions);
    const rows = Array.from({ length: layers }, (_, layer) => rowOf(attention, layer, positions));
    const mass = new Float32Array(layers * 3);
    const sinks = new Uint8Array(layers * zones.sinkTokens);
    const recentTokens = positions - zones.recentStart;
    const recent = new Uint8Array(layers * recentTokens);
    rows.forEach((row, layer) => {
      for (let position = 0; position < positions; position++) {
        const weight = row[position]!;
        if (position < zones.sinkTokens) {
          sinks[layer * zones.sinkTokens + position] = cellOfWeight(weight);
          mass[layer * 3]! += weight;
        } else if (position >= zones.recentStart) {
          recent[layer * recentTokens + position - zones.recentStart] = cellOfWeight(weight);
          mass[layer * 3 + 2]! += weight;
        } else mass[layer * 3 + 1]! += weight;
        if (position >= zones.sinkTokens && position < this.#promptTokens)
          this.#promptMass[position]! += weight / layers;
      }
    });
    const distantTokens = zones.recentStart - zones.sinkTokens;
    const columns = Math.min(KEPT_COLUMNS, distantTokens);
    const bandRows = this.#bands.map((band) =>
      meanRow(
        band.layers.map((layer) => rows[layer]!),
        zones,
      ),
    );
    const pooled = (pooling: MapTileRequest['pooling']): Uint8Array =>
      cellsOf(
        bandRows.map((row) => poolColumns(row, columns, pooling)),
        columns,
      );
    this.#tokens.push({
      text,
      recentStart: zones.recentStart,
      recentTokens,
      distantTokens,
      columns,
      sinks,
      recent,
      mass,
      distant: { max: pooled('max'), sum: pooled('sum') },
      ...this.#reads(attention, zones, columns),
    });
  }

  describe(): MapDescription {
    return {
      layers: this.#plan.shape.layers,
      promptTokens: this.#promptTokens,
      answerTokens: this.#tokens.length,
      sinkTokens: this.#sinkTokens(),
      bands: this.#bands,
      answerTexts: this.#tokens.map(({ text }) => text),
    };
  }

  /** @throws {InputError} `input/invalid` when the answer has no such token */
  tile({ answerToken, distantColumns, pooling }: MapTileRequest): MapTile {
    const token = this.#tokens[answerToken];
    if (!token) {
      throw new InputError(
        'input/invalid',
        `Token ${answerToken} was asked for; the answer has ${this.#tokens.length}.`,
        {
          advice: 'Choose a token of the answer.',
        },
      );
    }
    const columns = Math.min(distantColumns, token.columns);
    const cells = token.distant[pooling];
    const rows = this.#bands.map((_, band) =>
      poolColumns(
        Float32Array.from(cells.subarray(band * token.columns, (band + 1) * token.columns), weightOfCell),
        columns,
        pooling,
      ),
    );
    return {
      answerToken,
      layers: this.#plan.shape.layers,
      sinkTokens: token.sinks.length / this.#plan.shape.layers,
      recentTokens: token.recentTokens,
      recentStart: token.recentStart,
      distantTokens: token.distantTokens,
      distantColumns: columns,
      sinks: token.sinks,
      distant: cellsOf(rows, columns),
      unread: this.#pooledUnread(token, columns),
      distantRead: token.distantRead,
      recent: token.recent,
      mass: token.mass,
    };
  }

  /** Mean mass of the answer's tokens on each range `[start, end)` of the prompt, sinks left out. */
  attended(ranges: readonly (readonly [number, number])[]): readonly number[] {
    const steps = Math.max(1, this.#tokens.length);
    return ranges.map(([start, end]) => {
      let sum = 0;
      for (let token = Math.max(0, start); token < Math.min(end, this.#promptTokens); token++)
        sum += this.#promptMass[token]!;
      return sum / steps;
    });
  }

  /** How much of the distant zone each layer read, and which columns were left. */
  #reads(
    attention: StepAttention,
    { sinkTokens, recentStart }: Zones,
    columns: number,
  ): Pick<RecordedToken, 'distantRead' | 'unread'> {
    const { shape } = this.#plan;
    const rows = Array.from({ length: shape.layers }, (_, layer) =>
      readTokens(attention, shape, layer, sinkTokens, recentStart),
    );
    const distantRead = Uint32Array.from(rows, (row) => row.reduce((sum, read) => sum + read, 0));
    if (!attention.pagesRead) return { distantRead, unread: null };
    const unread = this.#bands.map(({ leader, layers }) =>
      // What lies outside the window of a sliding layer was not scored either.
      isSliding(shape, leader)
        ? new Uint8Array(columns)
        : unreadColumns(
            layers.map((layer) => rows[layer]!),
            columns,
          ),
    );
    return { distantRead, unread: unread.some((row) => row.includes(1)) ? joined(unread, columns) : null };
  }

  /** A column is unread only if all that is pooled into it is. */
  #pooledUnread({ unread, columns: kept }: RecordedToken, columns: number): Uint8Array {
    if (!unread) return new Uint8Array(this.#bands.length * columns);
    const rows = this.#bands.map((_, band) => {
      const read = Float32Array.from(unread.subarray(band * kept, (band + 1) * kept), (flag) => 1 - flag);
      return unreadColumns([read], columns);
    });
    return joined(rows, columns);
  }

  #sinkTokens(): number {
    return this.#plan.windowTokens > 0 ? this.#plan.sinkTokens : DENSE_ZONES.sinkTokens;
  }

  #zones(attention: StepAttention, positions: number): Zones {
    const sinkTokens = Math.min(this.#sinkTokens(), positions);
    const recentStart =
      this.#plan.windowTokens > 0 && attention.distantTokens > 0
        ? attention.distantStart + attention.distantTokens
        : this.#plan.windowTokens > 0
          ? sinkTokens
          : positions - DENSE_ZONES.recentTokens;
    return { sinkTokens, recentStart: Math.max(sinkTokens, recentStart) };
  }
}

/** Positions `[0, sinkTokens)` are sinks, those from `recentStart` on are recent, all between are distant. */
interface Zones {
  readonly sinkTokens: number;
  readonly recentStart: number;
}

/** `[positions]`: a layer's weights in the order of the text. */
function rowOf(attention: StepAttention, layer: number, positions: number): Float32Array {
  const row = new Float32Array(positions);
  const { nearPositions, near, distantStart, distantTokens, distant } = attention;
  row.set(distant.subarray(layer * distantTokens, (layer + 1) * distantTokens), distantStart);
  nearPositions.forEach((position, index) => {
    row[position] = near[layer * nearPositions.length + index]!;
  });
  return row;
}

/** `[distant]`: the mean of some layers' rows over the distant zone. */
function meanRow(rows: readonly Float32Array[], { sinkTokens, recentStart }: Zones): Float32Array {
  const mean = new Float32Array(recentStart - sinkTokens);
  for (const row of rows) {
    for (let index = 0; index < mean.length; index++) mean[index]! += row[sinkTokens + index]! / rows.length;
  }
  return mean;
}

function cellsOf(rows: readonly Float32Array[], columns: number): Uint8Array {
  return joined(
    rows.map((row) => Uint8Array.from(row, cellOfWeight)),
    columns,
  );
}

/** `[columns]`: 1 where none of the rows read anything that is pooled into the column. */
function unreadColumns(rows: readonly Float32Array[], columns: number): Uint8Array {
  const read = rows.map((row) => poolColumns(row, columns, 'max'));
  return Uint8Array.from({ length: columns }, (_, column) => (read.some((row) => row[column]! > 0) ? 0 : 1));
}

/** `[rows, columns]` */
function joined(rows: readonly Uint8Array[], columns: number): Uint8Array {
  const cells = new Uint8Array(rows.length * columns);
  rows.forEach((row, index) => cells.set(row, index * columns));
  return cells;
}
