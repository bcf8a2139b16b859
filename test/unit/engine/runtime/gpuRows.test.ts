import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GpuRows } from '#engine/runtime/gpuRows.ts';
import type { DeviceSession, DeviceTensor } from '#engine/runtime/ort.ts';
import type { RowChange } from '#engine/runtime/residentRows.ts';

/** The processor in the part of a device: it has all operators of these graphs, and its outputs can be looked at. */
const open = vi.fn(async (model: Uint8Array): Promise<DeviceSession> => {
  const session = await InferenceSession.create(model);
  return {
    async run(feeds) {
      const tensors = Object.entries(feeds).map(([name, feed]) => [
        name,
        'held' in feed ? feed.held : new Tensor(feed.type, feed.data as Float32Array, feed.dims),
      ]);
      const outputs = await session.run(Object.fromEntries(tensors) as Record<string, Tensor>);
      return Object.fromEntries(
        Object.entries(outputs).map(([name, held]) => [name, { type: 'int32', dims: held.dims, held }]),
      );
    },
    dispose: () => session.release(),
  };
});
let rows: GpuRows;
beforeEach(() => {
  open.mockClear();
  rows = new GpuRows(open);
});
afterEach(() => rows.dispose());

const change = (
  name: string,
  present: DeviceTensor | null,
  added: readonly number[],
  kept: number[] | null = null,
): RowChange => ({
  name,
  rows: present,
  kept,
  added: Int32Array.from(added),
  rowWords: 2,
});
const wordsOf = (tensors: readonly DeviceTensor[]): number[][] =>
  tensors.map(({ held }) => [...(held.data as Int32Array)]);

describe('GpuRows', () => {
  it('fills, appends, and puts rows behind those that are kept, for several stores at once', async () => {
    const [a, b] = await rows.change('fill', [change('a', null, [1, 2, 3, 4]), change('b', null, [5, 6])]);
    expect(wordsOf([a!, b!])).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    const [longer] = await rows.change('append', [change('a', a!, [7, 8])]);
    expect(longer!.dims).toEqual([3, 2]);
    expect(wordsOf([longer!])).toEqual([[1, 2, 3, 4, 7, 8]]);
    const [shifted] = await rows.change('shift', [change('a', longer!, [9, 10], [0, 2])]);
    expect(wordsOf([shifted!])).toEqual([[1, 2, 7, 8, 9, 10]]);
  });

  it('moves words as they are, even those that are no numbers as float32', async () => {
    const words = [0x7fc00001, 0x00000001, -1, -0x7fffffff];
    expect(wordsOf(await rows.change('fill', [change('a', null, words)]))).toEqual([words]);
  });

  it('lets go of what was there, and makes a graph once for what changes together', async () => {
    let [present] = await rows.change('fill', [change('a', null, [1, 2])]);
    const dispose = vi.spyOn(present!.held, 'dispose');
    for (const word of [3, 5, 7]) [present] = await rows.change('append', [change('a', present!, [word, word])]);
    expect(dispose).toHaveBeenCalledOnce();
    expect(open).toHaveBeenCalledTimes(2);
  });
});
