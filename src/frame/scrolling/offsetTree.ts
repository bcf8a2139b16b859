/**
 * Sizes of many items in a row with fast prefix sums: a Fenwick tree (binary indexed tree).
 * Changing one size, asking where an item starts, and asking which item lies at an offset
 * take O(log n), so that ten thousand pages can learn their true size one by one.
 */
export class OffsetTree {
  readonly count: number;
  readonly #sizes: Float64Array;
  /** 1-based: `#sums[i]` holds the sum of the `i & -i` sizes that end at item `i - 1`. */
  readonly #sums: Float64Array;
  readonly #topBit: number;

  /** @param sizeOf initial size of each item in CSS pixels, at least 0 */
  constructor(count: number, sizeOf: (index: number) => number) {
    this.count = count;
    this.#sizes = new Float64Array(count);
    this.#sums = new Float64Array(count + 1);
    this.#topBit = count === 0 ? 0 : 2 ** Math.floor(Math.log2(count));
    for (let index = 0; index < count; index += 1) {
      const size = sizeOf(index);
      this.#sizes[index] = size;
      this.#sums[index + 1]! += size;
      const parent = index + 1 + ((index + 1) & -(index + 1));
      if (parent <= count) this.#sums[parent]! += this.#sums[index + 1]!;
    }
  }

  /** Sum of all sizes. */
  get total(): number {
    return this.offsetOf(this.count);
  }

  sizeOf(index: number): number {
    return this.#sizes[index] ?? 0;
  }

  /** Gives an item another size. */
  resize(index: number, size: number): void {
    const change = size - this.sizeOf(index);
    if (change === 0 || index < 0 || index >= this.count) return;
    this.#sizes[index] = size;
    for (let at = index + 1; at <= this.count; at += at & -at) this.#sums[at]! += change;
  }

  /** Where an item starts: the sum of the sizes in front of it. */
  offsetOf(index: number): number {
    let sum = 0;
    for (let at = Math.min(index, this.count); at > 0; at -= at & -at) sum += this.#sums[at]!;
    return sum;
  }

  /** The item that covers an offset; the first or last one where the offset lies outside. */
  indexAt(offset: number): number {
    let index = 0;
    let rest = offset;
    for (let bit = this.#topBit; bit > 0; bit >>= 1) {
      const next = index + bit;
      if (next <= this.count && this.#sums[next]! <= rest) {
        index = next;
        rest -= this.#sums[next]!;
      }
    }
    return Math.max(0, Math.min(index, this.count - 1));
  }
}
