import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, keepsNear } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import { NearSnapshot } from './nearSnapshot.ts';
import { NearStore } from './nearStore.ts';
import { rewindPoint } from './rewindPoint.ts';
import { RowStore } from './rowStore.ts';

interface LayerStores {
  readonly ownKvHeads: readonly number[];
  /** Null where the plan keeps no near store. */
  readonly nearKeys: NearStore | null;
  readonly nearValues: NearStore | null;
  /** Null in layers all of whose KV heads follow. */
  readonly farKeys: RowStore | null;
  readonly farValues: RowStore;
}

/** Keys and values of one sequence under a plan. */
export class SequenceCache {
  readonly #plan: CachePlan;
  readonly #layers: readonly LayerStores[];
  readonly #allKvHeads: readonly number[];
  /** By position, ascending. */
  readonly #snapshots = new Map<number, NearSnapshot>();
  #tokens = 0;

  constructor(plan: CachePlan) {
    this.#plan = plan;
    const { kvHeads, headDim } = plan.shape;
    this.#allKvHeads = Array.from({ length: kvHeads }, (_, kvHead) => kvHead);
    const near = keepsNear(plan);
    const capacity = nearCapacityTokens(plan);
    this.#layers = plan.layers.map((layer) => {
      const ownKvHeads = layer.kvHeads.flatMap(({ kind }, kvHead) => (kind === 'own' ? [kvHead] : []));
      const nearStore = () => (near ? new NearStore(capacity, plan.sinkTokens, kvHeads, headDim) : null);
      return {
        ownKvHeads,
        nearKeys: nearStore(),
        nearValues: nearStore(),
        farKeys: ownKvHeads.length > 0 ? new RowStore(plan.farKeys, ownKvHeads.length, headDim) : null,
        farValues: new RowStore(plan.farValues, kvHeads, headDim),
      };
    });
  }

  get tokens(): number {
    return this.#tokens;
  }

  get distantTokens(): number {
    return this.#layers[0]!.farValues.tokens;
  }

  get nearTokens(): number {
    return this.#layers[0]!.nearKeys?.tokens ?? 0;
  }

  /** Makes room for a sequence of `tokens` tokens, so that reading it copies nothing. */
  reserve(tokens: number): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const { farKeys, farValues } of this.#layers) {
      farKeys?.reserve(end - start);
      farValues.reserve(end - start);
    }
  }

  /** Moves what has become distant for the next token out of the near stores. */
  advance(): void {
    const { start, end } = distantRange(this.#plan, this.#tokens);
    const count = end - start - this.distantTokens;
    if (count <= 0) return;
    for (const { ownKvHeads, nearKeys, nearValues, farKeys, farValues } of this.#layers) {
      if (!nearKeys || !nearValues) continue;
      farKeys?.append(nearKeys.oldest(count), this.#allKvHeads.length, ownKvHeads);
      farValues.append(nearValues.oldest(count), this.#allKvHeads.length, this.#allKvHeads);
      nearKeys.dropOldest(count);
      nearValues.dropOldest(count);
    }
  }

  /**
   * Appends the rows of a chunk to a layer.
   * @param keys `[s, kvHeads, headDim]`
   * @param values the same
   */
  append(layer: number, keys: Float32Array, values: Float32Array): void {
    const { ownKvHeads, nearKeys, nearValues, farKeys, farValues } = this.#layers[layer]!;
    if (nearKeys && nearValues) {
      nearKeys.append(keys);
      nearValues.append(values);
      return;
    }
    farKeys?.append(keys, this.#allKvHeads.length, ownKvHeads);
    farValues.append(values, this.#allKvHeads.length, this.#allKvHeads);
  }

  /** Counts a chunk whose rows all layers have. */
  commit(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Feeds the stores of layers `[start, end)`. */
  feed(start: number, end: number, feeds: Record<string, HostTensor>): void {
    for (let layer = start; layer < end; layer++) {
      const { nearKeys, nearValues, farKeys, farValues } = this.#layers[layer]!;
      nearKeys?.feed(`nearKeys.${layer}`, feeds);
      nearValues?.feed(`nearValues.${layer}`, feeds);
      farKeys?.feed(`farKeys.${layer}`, feeds);
      farValues.feed(`farValues.${layer}`, feeds);
    }
  }

  /** The position of each near row, oldest first. */
  nearPositions(): Int32Array {
    const sinks = Math.min(this.#plan.sinkTokens, this.nearTokens);
    const recentStart = this.#tokens - (this.nearTokens - sinks);
    return Int32Array.from({ length: this.nearTokens }, (_, row) => (row < sinks ? row : recentStart + row - sinks));
  }

  /** Positions that have a snapshot, ascending. */
  get snapshots(): readonly number[] {
    return [...this.#snapshots.keys()];
  }

  /**
   * Copies the near stores, so that `rewind` can come back to this position, the start of a block.
   * A plan without near stores needs no copy.
   */
  snapshot(): void {
    if (this.#tokens % this.#plan.chunkTokens !== 0) {
      throw new RangeError(`A snapshot after ${this.#tokens} tokens, inside a block of ${this.#plan.chunkTokens}`);
    }
    if (!keepsNear(this.#plan) || this.#snapshots.has(this.#tokens)) return;
    this.advance();
    const taken = new NearSnapshot(this.#plan, this.#tokens, (layer) => {
      const { nearKeys, nearValues } = this.#layers[layer]!;
      return { keys: nearKeys!.copy(), values: nearValues!.copy() };
    });
    this.#snapshots.set(this.#tokens, taken);
  }

  /** Lets go of all snapshots but those of `positions`. */
  keepSnapshots(positions: readonly number[]): void {
    for (const position of this.snapshots) if (!positions.includes(position)) this.#snapshots.delete(position);
  }

  /** The last position, `tokens` or before, that `rewind` can go back to; 0 when there is none. */
  rewindPoint(tokens: number): number {
    return rewindPoint(this.#plan, this.snapshots, Math.min(tokens, this.#tokens));
  }

  /** Forgets what was read from `tokens` on, a position that `rewindPoint` gave. */
  rewind(tokens: number): void {
    const { start, end } = distantRange(this.#plan, tokens);
    const snapshot = this.#snapshots.get(tokens);
    if (!snapshot && keepsNear(this.#plan)) throw new RangeError(`There is no snapshot of ${tokens} tokens`);
    this.#layers.forEach(({ nearKeys, nearValues, farKeys, farValues }, layer) => {
      farKeys?.truncate(end - start);
      farValues.truncate(end - start);
      if (!snapshot) return;
      nearKeys!.restore(snapshot.layers[layer]!.keys);
      nearValues!.restore(snapshot.layers[layer]!.values);
    });
    for (const position of this.snapshots) if (position > tokens) this.#snapshots.delete(position);
    this.#tokens = tokens;
  }

  /**
   * Makes an empty cache as large as one that has read `tokens` tokens and has these snapshots, for
   * `tensors` to be filled; `rewind` then puts it to work.
   */
  allocate(tokens: number, snapshots: readonly number[]): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const { farKeys, farValues } of this.#layers) {
      farKeys?.allocate(end - start);
      farValues.allocate(end - start);
    }
    for (const position of snapshots) this.#snapshots.set(position, NearSnapshot.empty(this.#plan, position));
    this.#tokens = tokens;
  }

  /**
   * Views of all it takes to go back to `tokens`, and to the snapshots before: far stores as they
   * were then, and snapshots. They stay as they are while the cache only reads on.
   */
  tensors(tokens: number): NamedTensor[] {
    const { start, end } = distantRange(this.#plan, tokens);
    const far = this.#layers.flatMap(({ farKeys, farValues }, layer) => [
      ...(farKeys?.tensors(`farKeys.${layer}`, end - start) ?? []),
      ...farValues.tensors(`farValues.${layer}`, end - start),
    ]);
    const near = [...this.#snapshots.values()].filter((snapshot) => snapshot.tokens <= tokens);
    return [...far, ...near.flatMap((snapshot) => snapshot.tensors())];
  }

  report(): CacheReport {
    const sum = (of: (layer: LayerStores) => number): number =>
      this.#layers.reduce((total, layer) => total + of(layer), 0);
    return cacheReport(this.#plan, {
      tokens: this.#tokens,
      nearTokens: this.nearTokens,
      distantTokens: this.distantTokens,
      nearBytes: sum(({ nearKeys, nearValues }) => (nearKeys?.bytes ?? 0) + (nearValues?.bytes ?? 0)),
      farKeyBytes: sum(({ farKeys }) => farKeys?.bytes ?? 0),
      farValueBytes: sum(({ farValues }) => farValues.bytes),
      snapshotBytes: [...this.#snapshots.values()].reduce((total, { bytes }) => total + bytes, 0),
    });
  }
}

/** Rows a near store holds at most: sinks, window, and a block that fills. */
export const nearCapacityTokens = (plan: CachePlan): number => plan.sinkTokens + plan.windowTokens + plan.chunkTokens;
