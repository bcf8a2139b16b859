import type { ValueStoreType } from '#shared/domain/index.ts';
import { bytes, floats } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { RowHistoryKeeper } from '../runtime/rowHistory.ts';
import type { FarRows } from './farRows.ts';
import type { NamedTensor } from './namedTensor.ts';
import { type RowCodec, rowCodecs, type StoredRows } from './rowCodec.ts';
import { checkStoreBytes, grownCapacity } from './storeGrowth.ts';

/**
 * Keys or values of one layer, token by token: `[tokens, kvHeads, headDim]`. The token axis is
 * outermost, so that what is filled is one view. Packed rows have one float32 scale for each token
 * and KV head.
 */
export class RowStore implements FarRows {
  readonly #codec: RowCodec;
  readonly #kvHeads: number;
  readonly #headDim: number;
  /** Array elements of a row. */
  readonly #elements: number;
  readonly #history = new RowHistoryKeeper();
  #capacityTokens = 0;
  #tokens = 0;
  #rows: StoredRows;
  #scales: Float32Array | null;

  constructor(type: ValueStoreType, kvHeads: number, headDim: number) {
    this.#codec = rowCodecs[type];
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
    this.#elements = this.#codec.elements(headDim);
    this.#rows = this.#codec.allocate(0);
    this.#scales = this.#codec.hasScales ? new Float32Array(0) : null;
  }

  get tokens(): number {
    return this.#tokens;
  }

  get bytes(): number {
    return this.#rows.byteLength + (this.#scales?.byteLength ?? 0);
  }

  reserve(tokens: number): void {
    if (tokens <= this.#capacityTokens) return;
    const width = this.#kvHeads * this.#elements;
    checkStoreBytes(tokens, tokens * width * this.#rows.BYTES_PER_ELEMENT);
    const rows = this.#codec.allocate(tokens * width);
    rows.set(this.#rows.subarray(0, this.#tokens * width));
    this.#rows = rows;
    if (this.#scales) {
      const scales = new Float32Array(tokens * this.#kvHeads);
      scales.set(this.#scales.subarray(0, this.#tokens * this.#kvHeads));
      this.#scales = scales;
    }
    this.#capacityTokens = tokens;
  }

  append(source: Float32Array, sourceKvHeads: number, kvHeads: readonly number[]): void {
    const dim = this.#headDim;
    const count = source.length / (sourceKvHeads * dim);
    const needed = this.#tokens + count;
    this.reserve(grownCapacity(this.#capacityTokens, needed));
    if (this.#rows instanceof Float32Array && kvHeads.length === sourceKvHeads) {
      this.#rows.set(source, this.#tokens * sourceKvHeads * dim);
    } else {
      for (let token = 0; token < count; token++) {
        for (const [index, kvHead] of kvHeads.entries()) {
          const from = (token * sourceKvHeads + kvHead) * dim;
          this.#write(source.subarray(from, from + dim), (this.#tokens + token) * this.#kvHeads + index);
        }
      }
    }
    this.#tokens = needed;
  }

  /** Lets the first tokens go; the others move down. */
  dropOldest(count: number): void {
    const rows = count * this.#kvHeads;
    this.#rows.copyWithin(0, rows * this.#elements, this.#tokens * this.#kvHeads * this.#elements);
    this.#scales?.copyWithin(0, rows, this.#tokens * this.#kvHeads);
    this.#tokens -= count;
    // As it is fed, a row is one of a token and KV head where rows are packed, else a token.
    this.#history.depart(this.#scales ? rows : count);
  }

  truncate(tokens: number): void {
    if (tokens >= this.#tokens) return;
    this.#tokens = tokens;
    this.#history.restart();
  }

  allocate(tokens: number): void {
    this.reserve(tokens);
    this.#tokens = tokens;
    this.#history.restart();
  }

  tensors(name: string, tokens: number): NamedTensor[] {
    const rows = tokens * this.#kvHeads;
    const shape = [tokens, this.#kvHeads, this.#elements];
    const data: NamedTensor = { name, shape, data: this.#rows.subarray(0, rows * this.#elements) };
    if (!this.#scales) return [data];
    return [data, { name: `${name}.scales`, shape: shape.slice(0, 2), data: this.#scales.subarray(0, rows) }];
  }

  feed(name: string, feeds: Record<string, HostTensor>, leastTokens = 1): void {
    const tokens = Math.max(leastTokens, this.#tokens);
    this.reserve(tokens);
    const rows = tokens * this.#kvHeads;
    const data = this.#rows.subarray(0, rows * this.#elements);
    const history = this.#tokens >= leastTokens ? { history: this.#history.now } : {};
    if (data instanceof Float32Array) {
      feeds[name] = { ...floats(data, [tokens, this.#kvHeads, this.#headDim]), ...history };
    } else {
      feeds[name] = { ...bytes(data, [rows, this.#elements]), ...history };
      feeds[`${name}/scales`] = { ...floats(this.#scales!.subarray(0, rows), [rows]), ...history };
    }
  }

  #write(row: Float32Array, at: number): void {
    const scale = this.#codec.pack(row, this.#rows, at * this.#elements);
    if (this.#scales) this.#scales[at] = scale;
  }
}
