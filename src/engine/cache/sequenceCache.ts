import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant, keepsDistant, packedNearRange, undistantTokens } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import { losesRows, NearSnapshot } from './nearSnapshot.ts';
import { NearStore } from './nearStore.ts';
import type { RecentLayer } from './recentRows.ts';
import { rewindPoint } from './rewindPoint.ts';
import { globalLayers, slidingCapacityTokens, slidingLayers, slidingRowsAtBlock } from './slidingLayers.ts';
import { ZonedRows } from './zonedRows.ts';

/** A layer that sees the whole text. */
interface GlobalLayer {
  readonly layer: number;
  readonly keys: ZonedRows;
  readonly values: ZonedRows;
}

/** A layer that looks back only a window: what is older leaves its stores for good. */
interface SlidingLayer {
  readonly layer: number;
  readonly keys: NearStore;
  readonly values: NearStore;
}

/** Keys and values of one sequence under a plan. */
export class SequenceCache {
  readonly #plan: CachePlan;
  readonly #global: readonly GlobalLayer[];
  readonly #sliding: readonly SlidingLayer[];
  /** By position, ascending. */
  readonly #snapshots = new Map<number, NearSnapshot>();
  #tokens = 0;

  constructor(plan: CachePlan) {
    this.#plan = plan;
    const { kvHeads, headDim } = plan.shape;
    this.#global = globalLayers(plan.shape).map((layer) => ({
      layer,
      keys: new ZonedRows(plan, layer, 'Keys'),
      values: new ZonedRows(plan, layer, 'Values'),
    }));
    const slidingStore = () => new NearStore(null, 0, kvHeads, headDim);
    this.#sliding = slidingLayers(plan.shape).map((layer) => ({
      layer,
      keys: slidingStore(),
      values: slidingStore(),
    }));
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** Tokens in the far stores. */
  get distantTokens(): number {
    return keepsDistant(this.#plan) ? this.#leftTokens : 0;
  }

  /** Tokens that have left the near stores: into the far stores, or for good. */
  get #leftTokens(): number {
    const first = this.#global[0];
    return first ? first.keys.near.oldestPosition - this.#plan.sinkTokens - this.packedTokens : 0;
  }

  /** Near tokens that are packed. */
  get packedTokens(): number {
    return this.#global[0]?.keys.packed?.tokens ?? 0;
  }

  /** Near tokens in float32. */
  get floatNearTokens(): number {
    return this.#global[0]?.keys.near.tokens ?? 0;
  }

  /** Rows in the stores of sliding layers: the newest tokens, some of them older than the window as a block fills. */
  get slidingTokens(): number {
    return this.#sliding[0]?.keys.tokens ?? 0;
  }

  /** Keys and values of all layers that see the whole text. */
  get #zoned(): readonly ZonedRows[] {
    return this.#global.flatMap(({ keys, values }) => [keys, values]);
  }

  /** Makes room for a sequence of `tokens` tokens, so that reading it copies nothing. */
  reserve(tokens: number): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const rows of this.#zoned) {
      // Once tokens have left them, near stores hold as many at the start of every block.
      if (this.#leftTokens === 0) rows.near.reserve(undistantTokens(this.#plan, tokens));
      rows.reserveFar(end - start);
    }
    const slidingTokens = Math.min(tokens, slidingCapacityTokens(this.#plan));
    for (const { keys, values } of this.#sliding) {
      keys.reserve(slidingTokens);
      values.reserve(slidingTokens);
    }
  }

  /** Moves what has become distant for the next token out of the near stores, and drops what no layer will see. */
  advance(): void {
    this.#dropUnseen();
    const { start, end } = distantRange(this.#plan, this.#tokens);
    const count = end - start - this.#leftTokens;
    if (count <= 0) return;
    const packedEnd = packedNearRange(this.#plan, this.#tokens).end;
    for (const { layer, keys, values } of this.#global) {
      for (const rows of [keys, values]) rows.leave(count, packedEnd);
      this.#dropOldest(layer, { keys, values }, packedEnd - keys.near.oldestPosition);
      for (const { near } of [keys, values]) near.trim();
    }
  }

  /** Only as a block begins: until then the masks of the graph hide what is too old, which copies less. */
  #dropUnseen(): void {
    const { shape, chunkTokens } = this.#plan;
    if (!shape.sliding || this.#tokens % chunkTokens !== 0) return;
    const count = this.slidingTokens - slidingRowsAtBlock(shape.sliding);
    if (count <= 0) return;
    for (const { layer } of this.#sliding) this.#dropOldest(layer, this.#recent(layer), count);
  }

  #dropOldest(layer: number, recent: RecentLayer, count: number): void {
    for (const snapshot of this.#snapshots.values()) snapshot.leaving(layer, recent, count);
    recent.keys.near.dropOldest(count);
    recent.values.near.dropOldest(count);
  }

  /**
   * Appends the rows of a chunk to a layer.
   * @param keys `[s, kvHeads, headDim]`
   * @param values the same
   */
  append(layer: number, keys: Float32Array, values: Float32Array): void {
    const recent = this.#recent(layer);
    recent.keys.near.append(keys);
    recent.values.near.append(values);
  }

  /** The stores that take a layer's new rows. */
  #recent(layer: number): RecentLayer {
    const sliding = this.#sliding.find((stores) => stores.layer === layer);
    if (!sliding) return this.#global.find((stores) => stores.layer === layer)!;
    return { keys: { near: sliding.keys, packed: null }, values: { near: sliding.values, packed: null } };
  }

  /** Counts a chunk whose rows all layers have. */
  commit(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Feeds the stores of layers `[start, end)`. */
  feed(start: number, end: number, feeds: Record<string, HostTensor>): void {
    const pageTokens = this.#plan.select?.pageTokens;
    for (const { layer, keys, values } of this.#global) {
      if (layer < start || layer >= end) continue;
      keys.feed(feeds, pageTokens);
      values.feed(feeds, pageTokens);
    }
    for (const { layer, keys, values } of this.#sliding) {
      if (layer < start || layer >= end) continue;
      keys.feed(`slidingKeys.${layer}`, feeds);
      values.feed(`slidingValues.${layer}`, feeds);
    }
  }

  /** Positions that have a snapshot, ascending. */
  get snapshots(): readonly number[] {
    return [...this.#snapshots.keys()];
  }

  /**
   * Lets `rewind` come back to this position, the start of a block: from now on what leaves the near stores is
   * kept. Where nothing ever leaves them none is needed.
   */
  snapshot(): void {
    if (this.#tokens % this.#plan.chunkTokens !== 0) {
      throw new RangeError(`A snapshot after ${this.#tokens} tokens, inside a block of ${this.#plan.chunkTokens}`);
    }
    if (!losesRows(this.#plan) || this.#snapshots.has(this.#tokens)) return;
    this.advance();
    this.#snapshots.set(
      this.#tokens,
      NearSnapshot.of(this.#plan, this.#tokens, (layer) => this.#recent(layer)),
    );
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
    if (!snapshot && losesRows(this.#plan)) throw new RangeError(`There is no snapshot of ${tokens} tokens`);
    for (const rows of this.#zoned) {
      rows.truncateFar(end - start);
      if (!hasDistant(this.#plan)) rows.near.truncate(tokens);
    }
    for (const position of this.snapshots) if (position >= tokens) this.#snapshots.delete(position);
    this.#tokens = tokens;
    if (!snapshot) return;
    snapshot.restore((layer) => this.#recent(layer));
    // Another one, because all of its rows are in the stores again.
    this.snapshot();
  }

  /**
   * Makes an empty cache as large as one that has read `tokens` tokens and has these snapshots, for
   * `tensors` to be filled; `rewind` then puts it to work.
   */
  allocate(tokens: number, snapshots: readonly number[]): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const rows of this.#zoned) {
      if (!hasDistant(this.#plan)) rows.near.allocate(tokens);
      rows.allocateFar(end - start);
    }
    for (const position of snapshots) this.#snapshots.set(position, NearSnapshot.empty(this.#plan, position));
    this.#tokens = tokens;
  }

  /**
   * All it takes to go back to `tokens`, and to the snapshots before: views of far stores as they were then, and
   * rows of snapshots; or views of the near stores, where every token is near. They stay as they are while the
   * cache only reads on. To be filled after `allocate`.
   */
  tensors(tokens: number): NamedTensor[] {
    const { start, end } = distantRange(this.#plan, tokens);
    const far = this.#zoned.flatMap((rows) =>
      hasDistant(this.#plan) ? rows.farTensors(end - start) : [rows.nearTensor(tokens)],
    );
    const near = [...this.#snapshots.values()].filter((snapshot) => snapshot.tokens <= tokens);
    return [...far, ...near.flatMap((snapshot) => snapshot.tensors((layer) => this.#recent(layer)))];
  }

  report(): CacheReport {
    const sum = (of: (layer: GlobalLayer) => number): number =>
      this.#global.reduce((total, layer) => total + of(layer), 0);
    const slidingBytes = this.#sliding.reduce((total, { keys, values }) => total + keys.bytes + values.bytes, 0);
    return cacheReport(this.#plan, {
      tokens: this.#tokens,
      nearTokens: this.#tokens - this.#leftTokens,
      distantTokens: this.distantTokens,
      ...(this.#plan.distant === 'dropped' && { droppedTokens: this.#leftTokens }),
      nearBytes: slidingBytes + sum(({ keys, values }) => keys.nearBytes + values.nearBytes),
      farKeyBytes: sum(({ keys }) => keys.farBytes),
      farValueBytes: sum(({ values }) => values.farBytes),
      snapshotBytes: [...this.#snapshots.values()].reduce((total, { bytes }) => total + bytes, 0),
    });
  }
}
