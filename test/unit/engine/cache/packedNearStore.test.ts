import { describe, expect, it } from 'vitest';
import { PackedNearStore, packedNearBytes } from '../../../../src/engine/cache/packedNearStore.ts';
import { RowStore } from '../../../../src/engine/cache/rowStore.ts';
import type { HostTensor } from '../../../../src/engine/runtime/ort.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';

const [kvHeads, headDim] = [2, 16];
const random = new SeededRandom(3);
const tokensOf = (count: number): Float32Array =>
  Float32Array.from({ length: count * kvHeads * headDim }, () => random.normal());

function feedOf(store: PackedNearStore | RowStore): Record<string, Pick<HostTensor, 'type' | 'data' | 'dims'>> {
  const feeds: Record<string, HostTensor> = {};
  store.feed('rows', feeds);
  return Object.fromEntries(Object.entries(feeds).map(([name, { type, data, dims }]) => [name, { type, data, dims }]));
}

describe('packed near rows', () => {
  it('lie as distant ones in int8 do', () => {
    const rows = tokensOf(7);
    const packed = new PackedNearStore(kvHeads, headDim);
    packed.append(rows.subarray(0, 3 * kvHeads * headDim));
    packed.append(rows.subarray(3 * kvHeads * headDim));
    const far = new RowStore('int8', kvHeads, headDim);
    far.append(rows, kvHeads, [0, 1]);
    expect(feedOf(packed)).toEqual(feedOf(far));
    expect(packed.bytes).toBe(7 * packedNearBytes(kvHeads, headDim));
  });

  it('are no further from what they were after they have become distant in int8', () => {
    const rows = tokensOf(40);
    const packed = new PackedNearStore(kvHeads, headDim);
    packed.append(rows);
    const [direct, through] = [new RowStore('int8', kvHeads, headDim), new RowStore('int8', kvHeads, headDim)];
    direct.append(rows, kvHeads, [0, 1]);
    through.append(packed.oldest(40), kvHeads, [0, 1]);
    expect(feedOf(through)).toEqual(feedOf(direct));
  });

  it('leave from the front, and memory stays what it was as others join', () => {
    const [first, second] = [tokensOf(5), tokensOf(2)];
    const packed = new PackedNearStore(kvHeads, headDim);
    packed.append(first);
    const { bytes } = packed;
    packed.dropOldest(2);
    packed.append(second);
    const anew = new PackedNearStore(kvHeads, headDim);
    anew.append(Float32Array.of(...first.subarray(2 * kvHeads * headDim), ...second));
    expect(feedOf(packed)).toEqual(feedOf(anew));
    expect(packed.bytes).toBe(bytes);
  });

  it('are copied into memory of their own, and put back', () => {
    const packed = new PackedNearStore(kvHeads, headDim);
    packed.append(tokensOf(5));
    const copy = packed.copy();
    const before = feedOf(copy);
    packed.dropOldest(5);
    packed.append(tokensOf(3));
    expect(feedOf(copy)).toEqual(before);
    packed.restore(copy);
    expect(feedOf(packed)).toEqual(before);
  });

  it('without tokens are one empty row, for the graph to hide', () => {
    const { rows } = feedOf(new PackedNearStore(kvHeads, headDim));
    expect(rows).toEqual({ type: 'int8', data: new Int8Array(kvHeads * headDim), dims: [kvHeads, headDim] });
  });
});
