import type { HostTensor } from '../runtime/ort.ts';
import type { NamedTensor } from './namedTensor.ts';
import { RowStore } from './rowStore.ts';

/**
 * Between what the elements of the keys of a page lie: middle and half of their range, by KV head, int8 rows
 * `[pages, kvHeads, headDim]` each. What a query can find in a page is bounded by them: the middle's
 * logit, and on either side half the range times the query's magnitudes at most (Quest, arXiv 2406.10774,
 * section 3.2, which keeps the least and the largest). Rounded to bytes they bound nearly.
 */
export class PageBounds {
  readonly #pageTokens: number;
  readonly #headDim: number;
  readonly #middles: RowStore;
  readonly #halves: RowStore;

  constructor(pageTokens: number, kvHeads: number, headDim: number) {
    this.#pageTokens = pageTokens;
    this.#headDim = headDim;
    this.#middles = new RowStore('int8', kvHeads, headDim);
    this.#halves = new RowStore('int8', kvHeads, headDim);
  }

  /** Bytes that are allocated, filled or not. */
  get bytes(): number {
    return this.#middles.bytes + this.#halves.bytes;
  }

  /** Makes room for the pages of `tokens` tokens in all, exactly. */
  reserve(tokens: number): void {
    this.#middles.reserve(tokens / this.#pageTokens);
    this.#halves.reserve(tokens / this.#pageTokens);
  }

  /**
   * Appends whole pages.
   * @param source `[tokens, sourceKvHeads, headDim]` float32
   * @param kvHeads which of the source's KV heads are kept, as many as the store has
   */
  append(source: Float32Array, sourceKvHeads: number, kvHeads: readonly number[]): void {
    const width = sourceKvHeads * this.#headDim;
    const pages = source.length / (width * this.#pageTokens);
    const middles = new Float32Array(pages * width);
    const halves = new Float32Array(pages * width);
    for (let page = 0; page < pages; page++) {
      for (let element = 0; element < width; element++) {
        let least = Number.POSITIVE_INFINITY;
        let largest = Number.NEGATIVE_INFINITY;
        for (let token = page * this.#pageTokens; token < (page + 1) * this.#pageTokens; token++) {
          const value = source[token * width + element]!;
          if (value < least) least = value;
          if (value > largest) largest = value;
        }
        middles[page * width + element] = (least + largest) / 2;
        halves[page * width + element] = (largest - least) / 2;
      }
    }
    this.#middles.append(middles, sourceKvHeads, kvHeads);
    this.#halves.append(halves, sourceKvHeads, kvHeads);
  }

  /** Forgets the pages of the tokens from `tokens` on. */
  truncate(tokens: number): void {
    this.#middles.truncate(tokens / this.#pageTokens);
    this.#halves.truncate(tokens / this.#pageTokens);
  }

  /** Counts the pages of `tokens` tokens as there, for `tensors` to be filled. */
  allocate(tokens: number): void {
    this.#middles.allocate(tokens / this.#pageTokens);
    this.#halves.allocate(tokens / this.#pageTokens);
  }

  /** Views of the pages of the first `tokens` tokens, under `name.middles` and `name.halves`, and their scales. */
  tensors(name: string, tokens: number): NamedTensor[] {
    const pages = tokens / this.#pageTokens;
    return [...this.#middles.tensors(`${name}.middles`, pages), ...this.#halves.tensors(`${name}.halves`, pages)];
  }

  /** Feeds under `name/middles` and `name/halves`, and their scales; a store without pages feeds an empty one. */
  feed(name: string, feeds: Record<string, HostTensor>): void {
    this.#middles.feed(`${name}/middles`, feeds);
    this.#halves.feed(`${name}/halves`, feeds);
  }
}
