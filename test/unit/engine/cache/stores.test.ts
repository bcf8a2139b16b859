import { describe, expect, it } from 'vitest';
import { NearStore } from '../../../../src/engine/cache/nearStore.ts';
import { PageStore } from '../../../../src/engine/cache/pageStore.ts';
import { quantiseRow } from '../../../../src/engine/cache/quantiseRow.ts';
import { RowStore } from '../../../../src/engine/cache/rowStore.ts';
import type { HostTensor } from '../../../../src/engine/runtime/ort.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';

const feedOf = (store: RowStore | NearStore | PageStore): Record<string, HostTensor> => {
  const feeds: Record<string, HostTensor> = {};
  store.feed('rows', feeds);
  return feeds;
};

describe('rounding a row to signed bytes', () => {
  it('is off by half a step at most, and keeps the largest element', () => {
    const random = new SeededRandom(5);
    const row = Float32Array.from({ length: 64 }, () => 3 * random.normal());
    const target = new Int8Array(66);
    const scale = quantiseRow(row, target, 1);
    expect(scale * 127).toBeCloseTo(Math.max(...row.map(Math.abs)), 5);
    for (const [i, value] of row.entries())
      expect(Math.abs(target[i + 1]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
    expect([target[0], target[65]]).toEqual([0, 0]);
  });

  it('keeps a row of zeros', () => {
    const target = new Int8Array(4).fill(9);
    expect(quantiseRow(new Float32Array(4), target, 0)).toBe(0);
    expect([...target]).toEqual([0, 0, 0, 0]);
  });
});

describe('a row store', () => {
  const token = (value: number): number[] => [value, value, value + 0.5, value + 0.5];

  it('keeps tokens in order while it grows, and gives one view of them', () => {
    const store = new RowStore('float32', 2, 2);
    for (let value = 0; value < 300; value++) store.append(Float32Array.from(token(value)), 2, [0, 1]);
    const { rows } = feedOf(store);
    expect(rows!.dims).toEqual([300, 2, 2]);
    expect([...rows!.data.subarray(4 * 299)]).toEqual(token(299));
    expect(rows!.data.buffer.byteLength).toBe(store.bytes);
  });

  it('keeps only the KV heads it is for', () => {
    const store = new RowStore('float32', 1, 2);
    store.append(Float32Array.from([...token(1), ...token(2)]), 2, [1]);
    expect([...feedOf(store)['rows']!.data]).toEqual([1.5, 1.5, 2.5, 2.5]);
  });

  it('keeps int8 rows with a scale for each token and KV head', () => {
    const store = new RowStore('int8', 2, 2);
    store.append(Float32Array.from([127, -127, 0.5, 0.25]), 2, [0, 1]);
    const feeds = feedOf(store);
    expect([...feeds['rows']!.data]).toEqual([127, -127, 127, 64]);
    expect(feeds['rows']!.dims).toEqual([2, 2]);
    expect(feeds['rows/scales']!.data[0]).toBe(1);
    expect(feeds['rows/scales']!.data[1]).toBeCloseTo(0.5 / 127);
  });

  it('allocates exactly what is reserved, and feeds one empty row when it is empty', () => {
    const store = new RowStore('int8', 2, 16);
    expect(feedOf(store)['rows']!.dims).toEqual([2, 16]);
    store.reserve(100);
    expect(store.bytes).toBe(100 * 2 * (16 + 4));
    expect(store.tokens).toBe(0);
  });

  it('has little room beyond what it was given block by block', () => {
    const store = new RowStore('int8', 2, 16);
    store.reserve(5_000);
    const block = new Float32Array(64 * 2 * 16);
    for (let tokens = 0; tokens < 6_400; tokens += 64) store.append(block, 2, [0, 1]);
    expect(store.tokens).toBe(6_400);
    expect(store.bytes / (6_400 * 2 * (16 + 4))).toBeLessThan(1.02);
  });

  it('refuses to be larger than one allocation may be', () => {
    const store = new RowStore('float32', 8, 128);
    expect(() => store.reserve(200_000)).toThrow(/200000 tokens/);
  });
});

describe('a store of pages', () => {
  /** Two KV heads of two numbers; only the second head is kept. */
  const tokens = (...values: number[]): Float32Array => Float32Array.from(values.flatMap((value) => [9, 9, value, 1]));

  it('shares one scale among the tokens of a page, and codes unsigned', () => {
    const store = new PageStore(2, 1, 2);
    store.append(tokens(127, -64, 2, 0.5), 2, [1]);
    const { rows, 'rows/scales': scales } = feedOf(store);
    expect(rows!.type).toBe('uint8');
    expect(rows!.dims).toEqual([4, 2]);
    expect([...rows!.data]).toEqual([255, 129, 64, 129, 255, 192, 160, 192]);
    expect(scales!.data[0]).toBe(1);
    expect(scales!.data[1]).toBeCloseTo(2 / 127);
    expect(scales!.dims).toEqual([2]);
  });

  it('takes whole pages only', () => {
    const store = new PageStore(4, 1, 2);
    expect(() => store.append(tokens(1, 2), 2, [1])).toThrow(/2 tokens are no pages of 4/);
  });

  it('keeps what it has while it grows, and writes over what it forgot', () => {
    const store = new PageStore(2, 1, 2);
    for (let page = 0; page < 200; page++) store.append(tokens(page + 1, -page - 1), 2, [1]);
    store.truncate(4);
    store.append(tokens(1000, 0), 2, [1]);
    const { rows, 'rows/scales': scales } = feedOf(store);
    expect(store.tokens).toBe(6);
    expect([...rows!.data.filter((_, at) => at % 2 === 0)]).toEqual([255, 1, 255, 1, 255, 128]);
    expect([...scales!.data].map((scale) => Math.round(Number(scale) * 127))).toEqual([1, 2, 1000]);
    expect(rows!.data.buffer.byteLength + scales!.data.buffer.byteLength).toBe(store.bytes);
  });

  it('gives back what a file of it holds', () => {
    const store = new PageStore(2, 1, 2);
    store.append(tokens(3, 4, 5, 6), 2, [1]);
    const other = new PageStore(2, 1, 2);
    other.allocate(4);
    for (const [index, { data }] of other.tensors('keys', 4).entries()) data.set(store.tensors('keys', 4)[index]!.data);
    expect(feedOf(other)).toEqual(feedOf(store));
  });

  it('feeds an empty page when it is empty', () => {
    expect(feedOf(new PageStore(4, 2, 16))['rows']!.dims).toEqual([8, 16]);
  });
});

describe('a near store', () => {
  it('keeps sinks, hands out the oldest, and closes the gap', () => {
    const store = new NearStore(6, 2, 1, 1);
    store.append(Float32Array.from([0, 1, 2, 3, 4, 5]));
    expect([...store.oldest(2)]).toEqual([2, 3]);
    store.dropOldest(2);
    store.append(Float32Array.from([6]));
    expect([...feedOf(store)['rows']!.data]).toEqual([0, 1, 4, 5, 6]);
    expect(store.tokens).toBe(5);
    expect(store.bytes).toBe(24);
  });
});
