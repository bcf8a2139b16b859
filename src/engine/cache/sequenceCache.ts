import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { cacheReport } from './cacheReport.ts';
import { brokenPageTokens, distantRange, hasDistant, keepsDistant } from './distantRange.ts';
import type { FarRows } from './farRows.ts';
import type { NamedTensor } from './namedTensor.ts';
import { losesRows, NearSnapshot, type NearStores } from './nearSnapshot.ts';
import { NearStore } from './nearStore.ts';
import { PageStore } from './pageStore.ts';
import { rewindPoint } from './rewindPoint.ts';
import { RowStore } from './rowStore.ts';
import { globalLayers, slidingCapacityTokens, slidingLayers, slidingRowsAtBlock } from './slidingLayers.ts';

/** A layer that sees the whole text. */
interface GlobalStores {
  readonly layer: number;
  readonly ownKvHeads: readonly number[];
  readonly nearKeys: NearStore;
  readonly nearValues: NearStore;
  /** Null in layers all of whose KV heads follow, and where every token is near or dropped. */
  readonly farKeys: FarRows | null;
  /** Null where every token is near or dropped. */
  readonly farValues: FarRows | null;
}

/** A layer that looks back only a window: what is older leaves its stores for good. */
interface SlidingStores {
  readonly layer: number;
  readonly keys: NearStore;
  readonly values: NearStore;
}

/** Keys and values of one sequence under a plan. */
export class SequenceCache {
  readonly #plan: CachePlan;
  readonly #global: readonly GlobalStores[];
  readonly #sliding: readonly SlidingStores[];
  readonly #allKvHeads: readonly number[];
  /** By position, ascending. */
  readonly #snapshots = new Map<number, NearSnapshot>();
  #tokens = 0;

  constructor(plan: CachePlan) {
    this.#plan = plan;
    const { kvHeads, headDim } = plan.shape;
    this.#allKvHeads = Array.from({ length: kvHeads }, (_, kvHead) => kvHead);
    const distant = keepsDistant(plan);
    const capacity = hasDistant(plan) ? nearCapacityTokens(plan) : null;
    this.#global = globalLayers(plan.shape).map((layer) => {
      const ownKvHeads = plan.layers[layer]!.kvHeads.flatMap(({ kind }, kvHead) => (kind === 'own' ? [kvHead] : []));
      const keepsKeys = distant && ownKvHeads.length > 0;
      const nearStore = () => new NearStore(capacity, plan.sinkTokens, kvHeads, headDim);
      return {
        layer,
        ownKvHeads,
        nearKeys: nearStore(),
        nearValues: nearStore(),
        farKeys: keepsKeys ? farKeyStore(plan, ownKvHeads.length) : null,
        farValues: distant ? new RowStore(plan.farValues, kvHeads, headDim) : null,
      };
    });
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
    return this.#global[0]?.farValues?.tokens ?? 0;
  }

  /** Tokens that have left the near stores: into the far stores, or for good. */
  get #leftTokens(): number {
    const first = this.#global[0];
    return first ? first.nearKeys.oldestPosition - this.#plan.sinkTokens : 0;
  }

  /** Rows in the near stores. */
  get nearTokens(): number {
    return this.#global[0]?.nearKeys.tokens ?? 0;
  }

  /** Rows in the stores of sliding layers: the newest tokens, some of them older than the window as a block fills. */
  get slidingTokens(): number {
    return this.#sliding[0]?.keys.tokens ?? 0;
  }

  /** Makes room for a sequence of `tokens` tokens, so that reading it copies nothing. */
  reserve(tokens: number): void {
    const { start, end } = distantRange(this.#plan, tokens);
    for (const { nearKeys, nearValues, farKeys, farValues } of this.#global) {
      if (start === end) {
        nearKeys.reserve(tokens);
        nearValues.reserve(tokens);
      }
      farKeys?.reserve(end - start);
      farValues?.reserve(end - start);
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
    for (const { layer, ownKvHeads, nearKeys, nearValues, farKeys, farValues } of this.#global) {
      farKeys?.append(nearKeys.oldest(count), this.#allKvHeads.length, ownKvHeads);
      farValues?.append(nearValues.oldest(count), this.#allKvHeads.length, this.#allKvHeads);
      this.#dropOldest(layer, { keys: nearKeys, values: nearValues }, count);
      nearKeys.trim();
      nearValues.trim();
    }
  }

  /** Only as a block begins: until then the masks of the graph hide what is too old, which copies less. */
  #dropUnseen(): void {
    const { shape, chunkTokens } = this.#plan;
    if (!shape.sliding || this.#tokens % chunkTokens !== 0) return;
    const count = this.slidingTokens - slidingRowsAtBlock(shape.sliding);
    if (count <= 0) return;
    for (const stores of this.#sliding) this.#dropOldest(stores.layer, stores, count);
  }

  #dropOldest(layer: number, stores: NearStores, count: number): void {
    for (const snapshot of this.#snapshots.values()) snapshot.leaving(layer, stores, count);
    stores.keys.dropOldest(count);
    stores.values.dropOldest(count);
  }

  /**
   * Appends the rows of a chunk to a layer.
   * @param keys `[s, kvHeads, headDim]`
   * @param values the same
   */
  append(layer: number, keys: Float32Array, values: Float32Array): void {
    const recent = this.#recent(layer);
    recent.keys.append(keys);
    recent.values.append(values);
  }

  /** The stores that take a layer's new rows. */
  #recent(layer: number): NearStores {
    const sliding = this.#sliding.find((stores) => stores.layer === layer);
    if (sliding) return sliding;
    const { nearKeys, nearValues } = this.#global.find((stores) => stores.layer === layer)!;
    return { keys: nearKeys, values: nearValues };
  }

  /** Counts a chunk whose rows all layers have. */
  commit(tokens: number): void {
    this.#tokens += tokens;
  }

  /** Feeds the stores of layers `[start, end)`. */
  feed(start: number, end: number, feeds: Record<string, HostTensor>): void {
    const pageTokens = this.#plan.select?.pageTokens;
    for (const { layer, nearKeys, nearValues, farKeys, farValues } of this.#global) {
      if (layer < start || layer >= end) continue;
      nearKeys.feed(`nearKeys.${layer}`, feeds);
      nearValues.feed(`nearValues.${layer}`, feeds);
      farKeys?.feed(`farKeys.${layer}`, feeds, pageTokens);
      farValues?.feed(`farValues.${layer}`, feeds, pageTokens);
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
    for (const { nearKeys, nearValues, farKeys, farValues } of this.#global) {
      farKeys?.truncate(end - start);
      farValues?.truncate(end - start);
      if (hasDistant(this.#plan)) continue;
      nearKeys.truncate(tokens);
      nearValues.truncate(tokens);
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
    for (const { nearKeys, nearValues, farKeys, farValues } of this.#global) {
      if (!hasDistant(this.#plan)) {
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
   * All it takes to go back to `tokens`, and to the snapshots before: views of far stores as they were then, and
   * rows of snapshots; or views of the near stores, where every token is near. They stay as they are while the
   * cache only reads on. To be filled after `allocate`.
   */
  tensors(tokens: number): NamedTensor[] {
    const { start, end } = distantRange(this.#plan, tokens);
    const far = this.#global.flatMap(({ layer, nearKeys, nearValues, farKeys, farValues }) =>
      hasDistant(this.#plan)
        ? [
            ...(farKeys?.tensors(`farKeys.${layer}`, end - start) ?? []),
            ...(farValues?.tensors(`farValues.${layer}`, end - start) ?? []),
          ]
        : [nearKeys.tensor(`nearKeys.${layer}`, tokens), nearValues.tensor(`nearValues.${layer}`, tokens)],
    );
    const near = [...this.#snapshots.values()].filter((snapshot) => snapshot.tokens <= tokens);
    return [...far, ...near.flatMap((snapshot) => snapshot.tensors((layer) => this.#recent(layer)))];
  }

  report(): CacheReport {
    const sum = (of: (layer: GlobalStores) => number): number =>
      this.#global.reduce((total, layer) => total + of(layer), 0);
    const slidingBytes = this.#sliding.reduce((total, { keys, values }) => total + keys.bytes + values.bytes, 0);
    return cacheReport(this.#plan, {
      tokens: this.#tokens,
      nearTokens: this.#tokens - this.#leftTokens,
      distantTokens: this.distantTokens,
      ...(this.#plan.distant === 'dropped' && { droppedTokens: this.#leftTokens }),
      nearBytes: slidingBytes + sum(({ nearKeys, nearValues }) => nearKeys.bytes + nearValues.bytes),
      farKeyBytes: sum(({ farKeys }) => farKeys?.bytes ?? 0),
      farValueBytes: sum(({ farValues }) => farValues?.bytes ?? 0),
      snapshotBytes: [...this.#snapshots.values()].reduce((total, { bytes }) => total + bytes, 0),
    });
  }
}

/** Where pages are picked by products of bytes, keys lie in pages with a scale each. */
function farKeyStore({ farKeys, select, shape }: CachePlan, kvHeads: number): FarRows {
  return select && farKeys === 'int8'
    ? new PageStore(select.pageTokens, kvHeads, shape.headDim)
    : new RowStore(farKeys, kvHeads, shape.headDim);
}

/** Rows a near store holds at most once some have left it: sinks, window, a page that is not whole yet, and a block that fills. */
export const nearCapacityTokens = (plan: CachePlan): number =>
  plan.sinkTokens + plan.windowTokens + brokenPageTokens(plan) + plan.chunkTokens;
