import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant } from './distantRange.ts';
import { NearStore } from './nearStore.ts';
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
    });
  }
}

/** Rows a near store holds at most: sinks, window, and a block that fills. */
export const nearCapacityTokens = (plan: CachePlan): number => plan.sinkTokens + plan.windowTokens + plan.chunkTokens;
