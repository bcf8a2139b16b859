import { floats } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { RowHistoryKeeper } from '../runtime/rowHistory.ts';
import type { NamedTensor } from './namedTensor.ts';
import { checkStoreBytes, grownCapacity } from './storeGrowth.ts';

/**
 * Sinks and recent tokens of one layer, keys or values, `[tokens, kvHeads, headDim]` float32. Rows lie
 * in the order of their positions, so that what is filled is one view and needs no mask; when a
 * block leaves, the rest moves down. That copies a window once in a block, *measured* at 1 to 2 ms
 * for all layers of the quick model. Where every token is near, or
 * the layer slides, the store grows. Any other grows while its text is near as a whole, and is trimmed after.
 */
export class NearStore {
  readonly #kvHeads: number;
  readonly #headDim: number;
  readonly #sinkTokens: number;
  /** Null for a store that just grows. */
  readonly #capacityTokens: number | null;
  readonly #history: RowHistoryKeeper;
  #rows: Float32Array;
  #tokens = 0;
  #oldestPosition: number;

  /** @param capacityTokens tokens it holds at most, once some have left it; null for a store that just grows */
  constructor(capacityTokens: number | null, sinkTokens: number, kvHeads: number, headDim: number) {
    this.#capacityTokens = capacityTokens;
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
    this.#sinkTokens = sinkTokens;
    this.#oldestPosition = sinkTokens;
    this.#history = new RowHistoryKeeper(sinkTokens);
    this.#rows = new Float32Array((capacityTokens ?? 0) * kvHeads * headDim);
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** Position of the oldest token after the sinks: how far rows have left. */
  get oldestPosition(): number {
    return this.#oldestPosition;
  }

  /** Position after the newest token, if it is no sink. */
  get endPosition(): number {
    return this.#oldestPosition + Math.max(0, this.#tokens - this.#sinkTokens);
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#rows.byteLength;
  }

  /** Makes room for `tokens` tokens in all, exactly. */
  reserve(tokens: number): void {
    const elements = tokens * this.#kvHeads * this.#headDim;
    if (elements <= this.#rows.length) return;
    checkStoreBytes(tokens, elements * 4);
    const rows = new Float32Array(elements);
    rows.set(this.#rows);
    this.#rows = rows;
  }

  /** @param source `[tokens, kvHeads, headDim]` */
  append(source: Float32Array): void {
    const width = this.#kvHeads * this.#headDim;
    this.reserve(grownCapacity(this.#rows.length / width, this.#tokens + source.length / width));
    this.#rows.set(source, this.#tokens * width);
    this.#tokens += source.length / width;
  }

  /** A view of the first tokens, which never leave. */
  sinks(): Float32Array {
    return this.#rows.subarray(0, Math.min(this.#tokens, this.#sinkTokens) * this.#kvHeads * this.#headDim);
  }

  /** The tokens at positions `[from, to)`, all of them there and none a sink: a view, valid until `dropOldest`. */
  between(from: number, to: number): Float32Array {
    const width = this.#kvHeads * this.#headDim;
    const offset = this.#sinkTokens - this.#oldestPosition;
    return this.#rows.subarray((from + offset) * width, (to + offset) * width);
  }

  /** The oldest `count` tokens after the sinks: a view, valid until `dropOldest`. */
  oldest(count: number): Float32Array {
    return this.between(this.#oldestPosition, this.#oldestPosition + count);
  }

  dropOldest(count: number): void {
    const width = this.#kvHeads * this.#headDim;
    this.#rows.copyWithin(this.#sinkTokens * width, (this.#sinkTokens + count) * width, this.#tokens * width);
    this.#tokens -= count;
    this.#oldestPosition += count;
    this.#history.depart(count);
  }

  /** Gives back what was allocated beyond the capacity, for tokens that have left. */
  trim(): void {
    if (this.#capacityTokens === null) return;
    const elements = Math.max(this.#capacityTokens, this.#tokens) * this.#kvHeads * this.#headDim;
    if (this.#rows.length > elements) this.#rows = this.#rows.slice(0, elements);
  }

  /** Forgets the tokens from `tokens` on: right only where none has left. */
  truncate(tokens: number): void {
    if (tokens >= this.#tokens) return;
    this.#tokens = tokens;
    this.#history.restart();
  }

  /** Counts `tokens` tokens as there, for `tensor` to be filled. */
  allocate(tokens: number): void {
    this.reserve(tokens);
    this.#tokens = tokens;
    this.#history.restart();
  }

  /** A view of the first `tokens` tokens. */
  tensor(name: string, tokens: number): NamedTensor {
    const shape = [tokens, this.#kvHeads, this.#headDim];
    return { name, shape, data: this.#rows.subarray(0, tokens * this.#kvHeads * this.#headDim) };
  }

  /** Holds sinks and newest tokens up to the position `end`, and nothing else. */
  restore(rows: Float32Array, end: number): void {
    this.#tokens = 0;
    this.#history.restart();
    this.append(rows);
    this.#oldestPosition = Math.max(this.#sinkTokens, end - (this.#tokens - this.#sinkTokens));
  }

  /**
   * Feeds under `name`. A store without tokens feeds one empty row, which the graph's `nearBias`
   * hides: FusedMatMul over no rows stops the process (onnxruntime-node 1.30, division by zero).
   */
  feed(name: string, feeds: Record<string, HostTensor>): void {
    const tokens = Math.max(1, this.#tokens);
    this.reserve(tokens);
    const data = this.#rows.subarray(0, tokens * this.#kvHeads * this.#headDim);
    const feed = floats(data, [tokens, this.#kvHeads, this.#headDim]);
    feeds[name] = this.#tokens > 0 ? { ...feed, history: this.#history.now } : feed;
  }
}
