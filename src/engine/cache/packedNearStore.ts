import type { HostTensor } from '../runtime/ort.ts';
import type { NamedTensor } from './namedTensor.ts';
import { rowCodecs } from './rowCodec.ts';
import { RowStore } from './rowStore.ts';

/**
 * The older near tokens of one layer, keys or values, `[tokens, kvHeads, headDim]` in int8 with a float32 scale for
 * each token and KV head: they come out of the float32 rows at one end and become distant at the other.
 *
 * Rounding rows a second time, into a far store, moves values in int8 no further: the largest number of a row is
 * exactly 127 steps. Keys that share their scales by pages, and values in 4 bits, are rounded from rounded ones.
 */
export class PackedNearStore {
  readonly #kvHeads: number;
  readonly #headDim: number;
  readonly #allKvHeads: readonly number[];
  readonly #rows: RowStore;

  constructor(kvHeads: number, headDim: number) {
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
    this.#allKvHeads = Array.from({ length: kvHeads }, (_, kvHead) => kvHead);
    this.#rows = new RowStore('int8', kvHeads, headDim);
  }

  get tokens(): number {
    return this.#rows.tokens;
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#rows.bytes;
  }

  /** @param source `[tokens, kvHeads, headDim]` float32 */
  append(source: Float32Array): void {
    // Exactly: once a text has distant tokens, as many join as leave.
    this.#rows.reserve(this.tokens + source.length / (this.#kvHeads * this.#headDim));
    this.#rows.append(source, this.#kvHeads, this.#allKvHeads);
  }

  /** The oldest `count` tokens as numbers, `[count, kvHeads, headDim]`. */
  oldest(count: number): Float32Array {
    const { codes, scales } = this.#filled;
    const numbers = new Float32Array(count * this.#kvHeads * this.#headDim);
    for (let row = 0, at = 0; at < numbers.length; row++) {
      const scale = scales[row]!;
      for (const end = at + this.#headDim; at < end; at++) numbers[at] = codes[at]! * scale;
    }
    return numbers;
  }

  dropOldest(count: number): void {
    this.#rows.dropOldest(count);
  }

  /** The same rows in memory of their own. */
  copy(): PackedNearStore {
    const copy = new PackedNearStore(this.#kvHeads, this.#headDim);
    copy.restore(this);
    return copy;
  }

  /** Holds what another store holds, and nothing else. */
  restore(other: PackedNearStore): void {
    this.allocate(other.tokens);
    this.#filled.codes.set(other.#filled.codes);
    this.#filled.scales.set(other.#filled.scales);
  }

  /** Counts `tokens` tokens as there, for `tensors` to be filled. */
  allocate(tokens: number): void {
    this.#rows.truncate(0);
    this.#rows.allocate(tokens);
  }

  /** Views of all tokens, under `name` and `name.scales`. */
  tensors(name: string): NamedTensor[] {
    return this.#rows.tensors(name, this.tokens);
  }

  /** Feeds under `name` and `name/scales`. A store without tokens feeds one empty row, which the graph's `packedBias` hides. */
  feed(name: string, feeds: Record<string, HostTensor>): void {
    // An empty row of its own, so that none is allocated for good.
    const rows = this.tokens > 0 ? this.#rows : new RowStore('int8', this.#kvHeads, this.#headDim);
    rows.feed(name, feeds);
  }

  /** Views of codes and scales. */
  get #filled(): { readonly codes: Int8Array; readonly scales: Float32Array } {
    const [codes, scales] = this.#rows.tensors('rows', this.tokens);
    return { codes: codes!.data as Int8Array, scales: scales!.data as Float32Array };
  }
}

/** Bytes of a token of one layer in such a store, keys or values. */
export const packedNearBytes = (kvHeads: number, headDim: number): number => kvHeads * rowCodecs.int8.rowBytes(headDim);
