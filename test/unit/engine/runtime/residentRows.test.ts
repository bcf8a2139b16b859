import { Tensor } from 'onnxruntime-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { SequenceCache } from '#engine/cache/sequenceCache.ts';
import { floats } from '#engine/runtime/hostTensor.ts';
import type { DeviceTensor, HostTensor } from '#engine/runtime/ort.ts';
import { ResidentRows, type RowChange, type RowChangeKind, type RowMemory } from '#engine/runtime/residentRows.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { readMadeUpRows } from '../../../fixtures/madeUpRows.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { tinyModel } from '../../../fixtures/tinyGguf.ts';

/** A device whose memory can be looked into, and which counts what it is given. */
class GlassMemory implements RowMemory {
  givenBytes = 0;
  readonly changed: [RowChangeKind, ...string[]][] = [];
  readonly live = new Set<Tensor>();

  change(kind: RowChangeKind, changes: readonly RowChange[]): Promise<DeviceTensor[]> {
    this.changed.push([kind, ...changes.map(({ name }) => name)]);
    const changed = changes.map(({ rows, kept, added, rowWords }) => {
      this.givenBytes += added.byteLength;
      const present = [...((rows?.held.data ?? []) as Int32Array)];
      const staying = kept?.flatMap((row) => present.slice(row * rowWords, (row + 1) * rowWords)) ?? present;
      if (rows) this.release(rows);
      const dims = [(staying.length + added.length) / rowWords, rowWords];
      const held = new Tensor('int32', Int32Array.from([...staying, ...added]), dims);
      this.live.add(held);
      return { type: 'int32' as const, dims, held };
    });
    return Promise.resolve(changed);
  }

  release({ held }: DeviceTensor): void {
    if (!this.live.delete(held)) throw new Error('These rows were let go before.');
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

let memory: GlassMemory;
let residents: ResidentRows;
beforeEach(() => {
  memory = new GlassMemory();
  residents = new ResidentRows(memory);
});

const wordsOf = ({ data }: HostTensor): number[] => [
  ...new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4),
];

/** Feeds what the next token is fed, checks that the device has the same, and returns the bytes it was given. */
async function feedNext(cache: SequenceCache, plan: CachePlan): Promise<number> {
  cache.advance();
  const feeds: Record<string, HostTensor> = {};
  cache.feed(0, plan.shape.layers, feeds);
  const before = memory.givenBytes;
  const onDevice = await residents.update(feeds);
  for (const [name, feed] of Object.entries(feeds)) {
    expect(name in onDevice, name).toBe(feed.history !== undefined);
    if (!feed.history) continue;
    const { type, dims, held } = onDevice[name]!;
    expect({ type, dims }, name).toEqual({ type: feed.type, dims: feed.dims });
    expect([...(held.data as Int32Array)], name).toEqual(wordsOf(feed));
  }
  expect(memory.live.size).toBe(Object.keys(onDevice).length);
  return memory.givenBytes - before;
}

const model = tinyModel();
const gemma = tinyModel({ architecture: 'gemma3', windowTokens: 12 });
const plans: [string, CachePlan][] = [
  ['dense', makePlan('dense', model, { chunkTokens: 8 })],
  ['pod, int8', mixedPlan(model, { farKeys: 'int8' })],
  ['pod, int4', mixedPlan(model, { farKeys: 'int8', farValues: 'int4' })],
  ['pod, float32', mixedPlan(model, { farValues: 'float32' })],
  ['pod+select, keys in pages', selecting(mixedPlan(model, { farKeys: 'int8' }), 8)],
  ['pod, near rows packed', mixedPlan(model, { farKeys: 'int8', windowTokens: 24, floatTokens: 0 })],
  ['pod, a block of near rows packed', mixedPlan(model, { farKeys: 'int8', windowTokens: 11, floatTokens: 3 })],
  ['pod, no sinks and no window', mixedPlan(model, { sinkTokens: 0, windowTokens: 0 })],
  ['sliding layers', makePlan('pod', gemma, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 })],
];

describe.each(plans)('rows of a cache on a device: %s', (_, plan) => {
  it('are those of the host through blocks, single tokens, and going back', async () => {
    const cache = new SequenceCache(plan);
    for (const end of [8, 16, 21, 22, 24, 25, 32, 33, 48]) {
      readMadeUpRows(cache, plan, end, () => {
        if (cache.tokens === 32) cache.snapshot();
      });
      await feedNext(cache, plan);
    }
    cache.rewind(32);
    for (const end of [32, 40, 41, 42, 56]) {
      readMadeUpRows(cache, plan, end);
      await feedNext(cache, plan);
    }
    const another = new SequenceCache(plan);
    await feedNext(another, plan);
    readMadeUpRows(another, plan, 19);
    await feedNext(another, plan);
  });

  it('are given once: a token costs the same after 40 tokens and after 400', async () => {
    const cache = new SequenceCache(plan);
    const costs = [];
    for (const start of [40, 400]) {
      readMadeUpRows(cache, plan, start + 3);
      await feedNext(cache, plan);
      readMadeUpRows(cache, plan, start + 4);
      costs.push(await feedNext(cache, plan));
    }
    const tokenBytes = plan.shape.layers * 2 * plan.shape.kvHeads * plan.shape.headDim * 4;
    expect(costs).toEqual([tokenBytes, tokenBytes]);
  });

  it('costs no more than the rows of a block as it becomes distant', async () => {
    const cache = new SequenceCache(plan);
    const costs = [];
    for (const start of [40, 400]) {
      readMadeUpRows(cache, plan, start - 1);
      await feedNext(cache, plan);
      readMadeUpRows(cache, plan, start);
      costs.push(await feedNext(cache, plan));
    }
    expect(costs[1]).toBe(costs[0]);
    const blockBytes = plan.shape.layers * 2 * plan.chunkTokens * plan.shape.kvHeads * plan.shape.headDim * 4;
    expect(costs[0]).toBeLessThan(1.25 * blockBytes);
  });
});

describe('rows on a device', () => {
  const plan = mixedPlan(model, { farKeys: 'int8' });

  it('are given nothing twice when a call is made again', async () => {
    const cache = new SequenceCache(plan);
    readMadeUpRows(cache, plan, 37);
    expect(await feedNext(cache, plan)).toBeGreaterThan(0);
    expect(await feedNext(cache, plan)).toBe(0);
    expect(memory.changed.map(([kind]) => kind)).toEqual(['fill']);
  });

  it('of distant tokens are left alone until another block becomes distant', async () => {
    const cache = new SequenceCache(plan);
    const farChanges: number[] = [];
    for (let end = 40; end <= 56; end++) {
      readMadeUpRows(cache, plan, end);
      memory.changed.length = 0;
      await feedNext(cache, plan);
      const isFar = memory.changed.some(([, ...names]) => names.some((name) => name.startsWith('far')));
      if (isFar) farChanges.push(end);
    }
    expect(farChanges).toEqual([40, 48, 56]);
  });

  it('are those of the text that was fed last', async () => {
    const [first, second] = [new SequenceCache(plan), new SequenceCache(plan)];
    readMadeUpRows(first, plan, 37);
    readMadeUpRows(second, plan, 30);
    for (const cache of [first, second, first]) await feedNext(cache, plan);
  });

  it('are let go when their session is', async () => {
    const cache = new SequenceCache(plan);
    readMadeUpRows(cache, plan, 37);
    await feedNext(cache, plan);
    await residents.dispose();
    expect(memory.live.size).toBe(0);
  });

  it('stay on the host where they have no history, or are no whole words', async () => {
    const history = { edition: {}, fixedRows: 0, departedRows: 0 };
    const odd: HostTensor = { type: 'int8', data: new Int8Array(9), dims: [3, 3], history };
    expect(await residents.update({ odd, hidden: floats(new Float32Array(4), [1, 4]) })).toEqual({});
  });
});
