import { bytes, floats } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { RowHistoryKeeper } from '../runtime/rowHistory.ts';
import type { FarRows } from './farRows.ts';
import type { NamedTensor } from './namedTensor.ts';
import { checkStoreBytes, grownCapacity } from './storeGrowth.ts';

/** What a code of 0 stands for: codes are unsigned, as products of bytes take them. */
const ZERO_CODE = 128;

/**
 * Keys in whole pages of tokens, a byte for each number: `key ≈ (code - 128) * scale`. All tokens of a page
 * share the scale of their KV head, so that products with the codes alone tell which key of a page is
 * nearest to a query.
 */
export class PageStore implements FarRows {
  readonly #pageTokens: number;
  readonly #kvHeads: number;
  readonly #headDim: number;
  readonly #history = new RowHistoryKeeper();
  #capacityTokens = 0;
  #tokens = 0;
  #codes = new Uint8Array(0);
  /** `[pages, kvHeads]` */
  #scales = new Float32Array(0);

  constructor(pageTokens: number, kvHeads: number, headDim: number) {
    this.#pageTokens = pageTokens;
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
  }

  get tokens(): number {
    return this.#tokens;
  }

  get bytes(): number {
    return this.#codes.byteLength + this.#scales.byteLength;
  }

  reserve(tokens: number): void {
    if (tokens <= this.#capacityTokens) return;
    const capacityTokens = Math.ceil(tokens / this.#pageTokens) * this.#pageTokens;
    const width = this.#kvHeads * this.#headDim;
    checkStoreBytes(capacityTokens, capacityTokens * width);
    const codes = new Uint8Array(capacityTokens * width);
    codes.set(this.#codes.subarray(0, this.#tokens * width));
    const scales = new Float32Array(this.#scaleCount(capacityTokens));
    scales.set(this.#scales.subarray(0, this.#scaleCount(this.#tokens)));
    this.#codes = codes;
    this.#scales = scales;
    this.#capacityTokens = capacityTokens;
  }

  /** Appends whole pages. */
  append(source: Float32Array, sourceKvHeads: number, kvHeads: readonly number[]): void {
    const count = source.length / (sourceKvHeads * this.#headDim);
    if (count % this.#pageTokens !== 0) throw new RangeError(`${count} tokens are no pages of ${this.#pageTokens}`);
    this.reserve(grownCapacity(this.#capacityTokens, this.#tokens + count));
    for (let from = 0; from < count; from += this.#pageTokens) {
      for (const [index, kvHead] of kvHeads.entries()) {
        const rows = Array.from({ length: this.#pageTokens }, (_, token) => {
          const at = ((from + token) * sourceKvHeads + kvHead) * this.#headDim;
          return source.subarray(at, at + this.#headDim);
        });
        this.#writePage(rows, index);
      }
      this.#tokens += this.#pageTokens;
    }
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
    const codes = this.#codes.subarray(0, tokens * this.#kvHeads * this.#headDim);
    const scales = this.#scales.subarray(0, this.#scaleCount(tokens));
    return [
      { name, shape: [tokens, this.#kvHeads, this.#headDim], data: codes },
      { name: `${name}.scales`, shape: [tokens / this.#pageTokens, this.#kvHeads], data: scales },
    ];
  }

  feed(name: string, feeds: Record<string, HostTensor>, leastTokens = this.#pageTokens): void {
    const tokens = Math.max(leastTokens, this.#tokens);
    this.reserve(tokens);
    const rows = tokens * this.#kvHeads;
    const scales = this.#scales.subarray(0, this.#scaleCount(tokens));
    const codes = this.#codes.subarray(0, rows * this.#headDim);
    const history = this.#tokens >= leastTokens ? { history: this.#history.now } : {};
    feeds[name] = { ...bytes(codes, [rows, this.#headDim]), ...history };
    feeds[`${name}/scales`] = { ...floats(scales, [scales.length]), ...history };
  }

  /** Writes one KV head's rows of the page after the last token. */
  #writePage(rows: readonly Float32Array[], index: number): void {
    let largest = 0;
    for (const row of rows) for (const value of row) largest = Math.max(largest, Math.abs(value));
    const scale = largest / (ZERO_CODE - 1);
    const inverse = scale === 0 ? 0 : 1 / scale;
    this.#scales[this.#scaleCount(this.#tokens) + index] = scale;
    for (const [token, row] of rows.entries()) {
      const at = ((this.#tokens + token) * this.#kvHeads + index) * this.#headDim;
      for (let i = 0; i < row.length; i++) this.#codes[at + i] = Math.round(row[i]! * inverse) + ZERO_CODE;
    }
  }

  #scaleCount(tokens: number): number {
    return (tokens / this.#pageTokens) * this.#kvHeads;
  }
}

/** Bytes of a key of `headDim` numbers in such a store, its part of the scale included. */
export const pagedKeyBytes = (pageTokens: number, headDim: number): number => headDim + 4 / pageTokens;
