import { describe, expect, it } from 'vitest';
import { NearStore } from '#engine/cache/nearStore.ts';
import type { HostTensor } from '#engine/runtime/ort.ts';

const fed = (store: NearStore): HostTensor => {
  const feeds: Record<string, HostTensor> = {};
  store.feed('rows', feeds);
  return feeds['rows']!;
};

describe('NearStore', () => {
  it('feeds one empty row before the first token: over no rows the runtime stops the process', () => {
    expect(fed(new NearStore(6, 1, 2, 3))).toMatchObject({ dims: [1, 2, 3], data: new Float32Array(6) });
  });

  it('keeps sinks and the order of positions when a block leaves', () => {
    const store = new NearStore(5, 1, 1, 1);
    store.append(Float32Array.of(1, 2, 3, 4));
    expect([...store.oldest(2)]).toEqual([2, 3]);
    store.dropOldest(2);
    store.append(Float32Array.of(5));
    expect(fed(store)).toMatchObject({ dims: [3, 1, 1], data: Float32Array.of(1, 4, 5) });
  });

  it('takes more than its capacity while no token leaves, and gives the room back once they have', () => {
    const store = new NearStore(3, 1, 1, 1);
    store.append(Float32Array.of(1, 2, 3));
    store.append(Float32Array.of(4, 5));
    expect(fed(store).data).toEqual(Float32Array.of(1, 2, 3, 4, 5));
    store.dropOldest(3);
    store.trim();
    expect(store.bytes).toBe(3 * 4);
    expect(fed(store).data).toEqual(Float32Array.of(1, 5));
  });
});
