import type { StoreType } from '#shared/domain/index.ts';
import { bytes, floats } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import type { NamedTensor } from './namedTensor.ts';
import { quantiseRow } from './quantiseRow.ts';
import { checkStoreBytes, grownCapacity } from './storeGrowth.ts';

/**
 * Keys or values of one layer, token by token: `[tokens, kvHeads, headDim]`. The token axis is
 * outermost, so that what is filled is one view. Int8 rows have one float32 scale for each token
 * and KV head.
 */
export class RowStore {
  readonly #type: StoreType;
  readonly #kvHeads: number;
  readonly #headDim: number;
  #capacityTokens = 0;
  #tokens = 0;
  #rows: Float32Array | Int8Array;
  #scales: Float32Array | null;

  constructor(type: StoreType, kvHeads: number, headDim: number) {
    this.#type = type;
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
    this.#rows = type === 'int8' ? new Int8Array(0) : new Float32Array(0);
    this.#scales = type === 'int8' ? new Float32Array(0) : null;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** Bytes that are allocated, filled or not. */
  get bytes(): number {
    return this.#rows.byteLength + (this.#scales?.byteLength ?? 0);
  }

  /** Makes room for `tokens` tokens in all, exactly. */
  reserve(tokens: number): void {
    if (tokens <= this.#capacityTokens) return;
    const width = this.#kvHeads * this.#headDim;
    const rowBytes = width * (this.#type === 'int8' ? 1 : 4);
    checkStoreBytes(tokens, tokens * rowBytes);
    const rows = this.#type === 'int8' ? new Int8Array(tokens * width) : new Float32Array(tokens * width);
    rows.set(this.#rows.subarray(0, this.#tokens * width));
    this.#rows = rows;
    if (this.#scales) {
      const scales = new Float32Array(tokens * this.#kvHeads);
      scales.set(this.#scales.subarray(0, this.#tokens * this.#kvHeads));
      this.#scales = scales;
    }
    this.#capacityTokens = tokens;
  }

  /**
   * Appends tokens.
   * @param source `[tokens, sourceKvHeads, headDim]` float32
   * @param kvHeads which of the source's KV heads are kept, as many as the store has
   */
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

  /** Forgets the tokens from `tokens` on. */
  truncate(tokens: number): void {
    this.#tokens = Math.min(this.#tokens, tokens);
  }

  /** Counts `tokens` tokens as there, for `tensors` to be filled. */
  allocate(tokens: number): void {
    this.reserve(tokens);
    this.#tokens = tokens;
  }

  /** Views of the first `tokens` tokens, under `name`, and `name.scales` for int8. */
  tensors(name: string, tokens: number): NamedTensor[] {
    const rows = tokens * this.#kvHeads;
    const shape = [tokens, this.#kvHeads, this.#headDim];
    const data: NamedTensor = { name, shape, data: this.#rows.subarray(0, rows * this.#headDim) };
    if (!this.#scales) return [data];
    return [data, { name: `${name}.scales`, shape: shape.slice(0, 2), data: this.#scales.subarray(0, rows) }];
  }

  /**
   * Feeds under `name`, and `name/scales` for int8. A store without tokens feeds empty rows:
   * reductions over nothing have no result, and the graph's `distantBias` hides them.
   * @param leastTokens tokens that are fed at least
   */
  feed(name: string, feeds: Record<string, HostTensor>, leastTokens = 1): void {
    const tokens = Math.max(leastTokens, this.#tokens);
    this.reserve(tokens);
    const rows = tokens * this.#kvHeads;
    const data = this.#rows.subarray(0, rows * this.#headDim);
    if (data instanceof Int8Array) {
      feeds[name] = bytes(data, [rows, this.#headDim]);
      feeds[`${name}/scales`] = floats(this.#scales!.subarray(0, rows), [rows]);
    } else {
      feeds[name] = floats(data, [tokens, this.#kvHeads, this.#headDim]);
    }
  }

  #write(row: Float32Array, at: number): void {
    if (this.#rows instanceof Int8Array) this.#scales![at] = quantiseRow(row, this.#rows, at * this.#headDim);
    else this.#rows.set(row, at * this.#headDim);
  }
}
