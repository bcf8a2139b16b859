import { describe, expect, it } from 'vitest';
import { OffsetTree } from '../../../src/frame/scrolling/offsetTree.ts';

/** The same questions answered by adding everything up. */
class SlowOffsets {
  readonly sizes: number[];
  constructor(sizes: number[]) {
    this.sizes = sizes;
  }
  offsetOf(index: number): number {
    return this.sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  }
  indexAt(offset: number): number {
    let end = 0;
    for (let index = 0; index < this.sizes.length; index += 1) {
      end += this.sizes[index]!;
      if (offset < end) return index;
    }
    return this.sizes.length - 1;
  }
}

/** Numbers that look random and are the same on every run. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

describe('OffsetTree', () => {
  it.each([1, 2, 3, 7, 64, 100, 1000])('agrees with plain sums for %i items, also after changes', (count) => {
    const random = numbers(count);
    const next = (): number => random.next().value as number;
    const sizes = Array.from({ length: count }, () => Math.floor(next() * 40) + 1);
    const tree = new OffsetTree(count, (index) => sizes[index]!);
    const slow = new SlowOffsets(sizes);
    for (let round = 0; round < 60; round += 1) {
      const index = Math.floor(next() * count);
      const size = Math.floor(next() * 40) + 1;
      sizes[index] = size;
      tree.resize(index, size);
      const offset = next() * tree.total;
      expect(tree.indexAt(offset)).toBe(slow.indexAt(offset));
      expect(tree.offsetOf(index)).toBe(slow.offsetOf(index));
    }
    expect(tree.total).toBe(slow.offsetOf(count));
  });

  it('answers with the first and last item outside of the list', () => {
    const tree = new OffsetTree(3, () => 10);
    expect(tree.indexAt(-5)).toBe(0);
    expect(tree.indexAt(30)).toBe(2);
    expect(tree.indexAt(1e9)).toBe(2);
  });

  it('gives a boundary to the item that starts there', () => {
    const tree = new OffsetTree(3, () => 10);
    expect(tree.indexAt(9.99)).toBe(0);
    expect(tree.indexAt(10)).toBe(1);
  });

  it('holds a list without items', () => {
    const tree = new OffsetTree(0, () => 10);
    expect(tree.total).toBe(0);
    expect(tree.indexAt(5)).toBe(0);
  });
});
