/** Two neighbouring pieces of a text that could become one token. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** Of the joined text: tells whether a side has changed since. */
  readonly length: number;
  readonly score: number;
}

/** Gives out merges by score, the highest first, and of equal ones the leftmost: a binary heap. */
export class MergeQueue {
  readonly #heap: Merge[] = [];

  push(merge: Merge): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(merge);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(merge, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = merge;
  }

  pop(): Merge | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!comesBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const comesBefore = (a: Merge, b: Merge): boolean => a.score > b.score || (a.score === b.score && a.left < b.left);
