import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import { NearSnapshot } from './nearSnapshot.ts';
import { NearStore } from './nearStore.ts';
import { rewindPoint } from './rewindPoint.ts';
import { RowStore } from './rowStore.ts';

interface LayerStores {
  readonly ownKvHeads: readonly number[];
  readonly nearKeys: NearStore;
  readonly nearValues: NearStore;
  /** Null in layers all of whose KV heads follow, and where every token is near. */
  readonly farKeys: RowStore | null;
  /** Null where every token is near. */
  readonly farValues: RowStore | null;
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
    const distant = hasDistant(plan);
    const capacity = distant ? nearCapacityTokens(plan) : null;
    this.#layers = plan.layers.map((layer) => {
      const ownKvHeads = layer.kvHeads.flatMap(({ kind }, kvHead) => (kind === 'own' ? [kvHead] : []));
      const nearStore = () => new NearStore(capacity, plan.sinkTokens, kvHeads, headDim);
      return {
        ownKvHeads,
        nearKeys: nearStore(),
        nearValues: nearStore(),
        farKeys: distant && ownKvHeads.length > 0 ? new RowStore(plan.farKeys, ownKvHeads.length, headDim) : null,
        farValues: distant ? new RowStore(plan.farValues, kvHeads, headDim) : null,
      };
    });
  }

  get tokens(): number {
    return this.#tokens;
  }

  get distantTokens(): number {
    return this.#layers[0]!.farValues?.tokens ?? 0;
  }

  get nearTokens(): number {
    return this.#layers[0]!.nearKeys.tokens;
  }

  /** Makes room for a sequence of `tokens` tokens, so that reading it copies nothing. */
  reserve(tokens: number): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const { nearKeys, nearValues, farKeys, farValues } of this.#layers) {
      if (!farValues) {
        nearKeys.reserve(tokens);
        nearValues.reserve(tokens);
      }
      farKeys?.reserve(end - start);
      farValues?.reserve(end - start);
    }
  }

  /** Moves what has become distant for the next token out of the near stores. */
  advance(): void {
    const { start, end } = distantRange(this.#plan, this.#tokens);
    const count = end - start - this.distantTokens;
    if (count <= 0) return;
    for (const { ownKvHeads, nearKeys, nearValues, farKeys, farValues } of this.#layers) {
      farKeys?.append(nearKeys.oldest(count), this.#allKvHeads.length, ownKvHeads);
      farValues?.append(nearValues.oldest(count), this.#allKvHeads.length, this.#allKvHeads);
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
    const { nearKeys, nearValues } = this.#layers[layer]!;
    nearKeys.append(keys);
    nearValues.append(values);
  }

  /** Counts a chunk whose rows all layers have. */
  commit(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Feeds the stores of layers `[start, end)`. */
  feed(start: number, end: number, feeds: Record<string, HostTensor>): void {
    for (let layer = start; layer < end; layer++) {
      const { nearKeys, nearValues, farKeys, farValues } = this.#layers[layer]!;
      nearKeys.feed(`nearKeys.${layer}`, feeds);
      nearValues.feed(`nearValues.${layer}`, feeds);
      farKeys?.feed(`farKeys.${layer}`, feeds);
      farValues?.feed(`farValues.${layer}`, feeds);
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
   * Where every token is near nothing leaves the near stores, and no copy is needed.
   */
  snapshot(): void {
    if (this.#tokens % this.#plan.chunkTokens !== 0) {
      throw new RangeError(`A snapshot after ${this.#tokens} tokens, inside a block of ${this.#plan.chunkTokens}`);
    }
    if (!hasDistant(this.#plan) || this.#snapshots.has(this.#tokens)) return;
    this.advance();
    const taken = new NearSnapshot(this.#plan, this.#tokens, (layer) => {
      const { nearKeys, nearValues } = this.#layers[layer]!;
      return { keys: nearKeys.copy(), values: nearValues.copy() };
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
    if (!snapshot && hasDistant(this.#plan)) throw new RangeError(`There is no snapshot of ${tokens} tokens`);
    this.#layers.forEach(({ nearKeys, nearValues, farKeys, farValues }, layer) => {
      farKeys?.truncate(end - start);
      farValues?.truncate(end - start);
      if (snapshot) {
        nearKeys.restore(snapshot.layers[layer]!.keys);
        nearValues.restore(snapshot.layers[layer]!.values);
      } else {
        nearKeys.truncate(tokens);
        nearValues.truncate(tokens);
      }
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
    for (const { nearKeys, nearValues, farKeys, farValues } of this.#layers) {
      if (!farValues) {
        nearKeys.allocate(tokens);
        nearValues.allocate(tokens);
      }
      farKeys?.allocate(end - start);
      farValues?.allocate(end - start);
    }
    for (const position of snapshots) this.#snapshots.set(position, NearSnapshot.empty(this.#plan, position));
    this.#tokens = tokens;
  }

  /**
   * Views of all it takes to go back to `tokens`, and to the snapshots before: far stores as they
   * were then, and snapshots; or the near stores, where every token is near. They stay as they are
   * while the cache only reads on.
   */
  tensors(tokens: number): NamedTensor[] {
    const { start, end } = distantRange(this.#plan, tokens);
    const far = this.#layers.flatMap(({ nearKeys, nearValues, farKeys, farValues }, layer) =>
      farValues
        ? [
            ...(farKeys?.tensors(`farKeys.${layer}`, end - start) ?? []),
            ...farValues.tensors(`farValues.${layer}`, end - start),
          ]
        : [nearKeys.tensor(`nearKeys.${layer}`, tokens), nearValues.tensor(`nearValues.${layer}`, tokens)],
    );
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
      nearBytes: sum(({ nearKeys, nearValues }) => nearKeys.bytes + nearValues.bytes),
      farKeyBytes: sum(({ farKeys }) => farKeys?.bytes ?? 0),
      farValueBytes: sum(({ farValues }) => farValues?.bytes ?? 0),
      snapshotBytes: [...this.#snapshots.values()].reduce((total, { bytes }) => total + bytes, 0),
    });
  }
}

/** Rows a near store holds at most: sinks, window, and a block that fills. */
export const nearCapacityTokens = (plan: CachePlan): number => plan.sinkTokens + plan.windowTokens + plan.chunkTokens;
