import { bytes, floats } from '../runtime/hostTensor.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { RowHistoryKeeper } from '../runtime/rowHistory.ts';
import type { NamedTensor } from './namedTensor.ts';
import { quantiseRow } from './quantiseRow.ts';
import { rowCodecs } from './rowCodec.ts';

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
  readonly #history = new RowHistoryKeeper();
  #codes = new Int8Array(0);
  /** `[tokens, kvHeads]` */
  #scales = new Float32Array(0);
  #tokens = 0;

  constructor(kvHeads: number, headDim: number) {
    this.#kvHeads = kvHeads;
    this.#headDim = headDim;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#codes.byteLength + this.#scales.byteLength;
  }

  /** @param source `[tokens, kvHeads, headDim]` float32 */
  append(source: Float32Array): void {
    const dim = this.#headDim;
    const first = this.#tokens * this.#kvHeads;
    const rows = source.length / dim;
    this.#tokens += rows / this.#kvHeads;
    this.#reserve(this.#tokens);
    for (let row = 0; row < rows; row++) {
      const numbers = source.subarray(row * dim, (row + 1) * dim);
      this.#scales[first + row] = quantiseRow(numbers, this.#codes, (first + row) * dim);
    }
  }

  /** The oldest `count` tokens as numbers, `[count, kvHeads, headDim]`. */
  oldest(count: number): Float32Array {
    const dim = this.#headDim;
    return Float32Array.from(
      { length: count * this.#kvHeads * dim },
      (_, at) => this.#codes[at]! * this.#scales[Math.floor(at / dim)]!,
    );
  }

  dropOldest(count: number): void {
    const rows = count * this.#kvHeads;
    this.#codes.copyWithin(0, rows * this.#headDim);
    this.#scales.copyWithin(0, rows);
    this.#tokens -= count;
    this.#history.restart();
  }

  /** The same rows in memory of their own. */
  copy(): PackedNearStore {
    const copy = new PackedNearStore(this.#kvHeads, this.#headDim);
    copy.restore(this);
    return copy;
  }

  /** Holds what another store holds, and nothing else. */
  restore(other: PackedNearStore): void {
    this.allocate(other.#tokens);
    this.#codes.set(other.#rows.codes);
    this.#scales.set(other.#rows.scales);
  }

  /** Counts `tokens` tokens as there, for `tensors` to be filled. */
  allocate(tokens: number): void {
    this.#reserve(tokens);
    this.#tokens = tokens;
    this.#history.restart();
  }

  /** Views of all tokens, under `name` and `name.scales`. */
  tensors(name: string): NamedTensor[] {
    const shape = [this.#tokens, this.#kvHeads, this.#headDim];
    const { codes, scales } = this.#rows;
    return [
      { name, shape, data: codes },
      { name: `${name}.scales`, shape: shape.slice(0, 2), data: scales },
    ];
  }

  /** Feeds under `name` and `name/scales`. A store without tokens feeds one empty row, which the graph's `packedBias` hides. */
  feed(name: string, feeds: Record<string, HostTensor>): void {
    const isEmpty = this.#tokens === 0;
    const rows = Math.max(1, this.#tokens) * this.#kvHeads;
    const codes = isEmpty ? new Int8Array(rows * this.#headDim) : this.#rows.codes;
    const scales = isEmpty ? new Float32Array(rows) : this.#rows.scales;
    const history = isEmpty ? {} : { history: this.#history.now };
    feeds[name] = { ...bytes(codes, [rows, this.#headDim]), ...history };
    feeds[`${name}/scales`] = { ...floats(scales, [rows]), ...history };
  }

  /** Views of what is filled. */
  get #rows(): { readonly codes: Int8Array; readonly scales: Float32Array } {
    const rows = this.#tokens * this.#kvHeads;
    return { codes: this.#codes.subarray(0, rows * this.#headDim), scales: this.#scales.subarray(0, rows) };
  }

  /** Makes room for `tokens` tokens in all, exactly: once a text has distant tokens, as many join as leave. */
  #reserve(tokens: number): void {
    const rows = tokens * this.#kvHeads;
    if (rows <= this.#scales.length) return;
    this.#codes = resized(this.#codes, new Int8Array(rows * this.#headDim));
    this.#scales = resized(this.#scales, new Float32Array(rows));
  }
}

/** Bytes of a token of one layer in such a store, keys or values. */
export const packedNearBytes = (kvHeads: number, headDim: number): number => kvHeads * rowCodecs.int8.rowBytes(headDim);

function resized<T extends Int8Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
