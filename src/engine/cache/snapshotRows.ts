import type { NearStore } from './nearStore.ts';

/**
 * The rows of one near store as they were at a position. What still lies in the store is not kept a second time:
 * rows are copied as they leave it, so that a snapshot at the end of what was read costs next to nothing.
 */
export class SnapshotRows {
  /** Sinks first, then rows in the order of their positions; one piece where all of it came from a file. */
  #pieces: readonly Float32Array[];
  readonly #end: number;
  /** Position up to which rows are kept here; those from it on lie in the store. */
  #keptTo: number;

  private constructor(pieces: readonly Float32Array[], keptTo: number, end: number) {
    this.#pieces = pieces;
    this.#keptTo = keptTo;
    this.#end = end;
  }

  /** The rows of a store as they are now. */
  static of(store: NearStore): SnapshotRows {
    return new SnapshotRows([store.sinks().slice()], store.oldestPosition, store.endPosition);
  }

  /** Rows that are nowhere else: sinks and newest tokens. */
  static filled(rows: Float32Array): SnapshotRows {
    return new SnapshotRows([rows], 0, 0);
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.#pieces.reduce((total, { byteLength }) => total + byteLength, 0);
  }

  /** To be told before the oldest `count` tokens leave the store. */
  leaving(store: NearStore, count: number): void {
    const end = Math.min(this.#end, store.oldestPosition + count);
    if (end <= this.#keptTo) return;
    this.#pieces = [...this.#pieces, store.between(this.#keptTo, end).slice()];
    this.#keptTo = end;
  }

  /** All rows, `[rows, kvHeads, headDim]`: what is kept itself where that is all, else a copy. */
  whole(store: NearStore): Float32Array {
    const [first] = this.#pieces;
    if (this.#pieces.length === 1 && first && this.#keptTo >= this.#end) return first;
    const parts = [...this.#pieces, ...(this.#keptTo < this.#end ? [store.between(this.#keptTo, this.#end)] : [])];
    const rows = new Float32Array(parts.reduce((total, { length }) => total + length, 0));
    let at = 0;
    for (const part of parts) {
      rows.set(part, at);
      at += part.length;
    }
    return rows;
  }
}
