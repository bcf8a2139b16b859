import { describe, expect, it } from 'vitest';
import { makePlan, peakBytes, planBytes, SequenceCache } from '../../../../src/engine/cache/index.ts';
import { snapshotBytes } from '../../../../src/engine/cache/nearSnapshot.ts';
import type { HostTensor } from '../../../../src/engine/runtime/ort.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { readMadeUpRows as read } from '../../../fixtures/madeUpRows.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { tinyModel } from '../../../fixtures/tinyGguf.ts';

const model = tinyModel();
/** Of the same sizes. */
const gemma = tinyModel({ architecture: 'gemma3', windowTokens: 12 });
const phi = tinyModel({ architecture: 'phi3', windowTokens: 10 });

/** The rows the graphs would be fed for the next token, less what stands in for an empty store. */
function feedsOf(cache: SequenceCache): Record<string, unknown> {
  cache.advance();
  const feeds: Record<string, HostTensor> = {};
  cache.feed(0, model.layers, feeds);
  const empty = [
    cache.distantTokens === 0 && 'far',
    cache.floatNearTokens === 0 && 'near',
    cache.packedTokens === 0 && 'packed',
  ];
  return Object.fromEntries(
    Object.entries(feeds)
      .filter(([name]) => !empty.some((kind) => kind !== false && name.startsWith(kind)))
      .map(([name, { data, dims }]) => [name, { data, dims }]),
  );
}

const plans: [string, CachePlan][] = [
  ['dense', makePlan('dense', model, { chunkTokens: 8 })],
  ['pod', mixedPlan(model)],
  ['pod+select', selecting(mixedPlan(model, { farKeys: 'int8' }), 8)],
  ['pod, whole at first', mixedPlan(model, { wholeTokens: 24 })],
  ['pod, int8 keys', mixedPlan(model, { farKeys: 'int8' })],
  ['pod, a window that is no multiple of a block', mixedPlan(model, { windowTokens: 5 })],
  ['dense, every second layer sliding', makePlan('dense', gemma, { chunkTokens: 8 })],
  ['pod, every second layer sliding', makePlan('pod', gemma, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 })],
  ['dense, all layers sliding', makePlan('dense', phi, { chunkTokens: 8 })],
  ['pod, no sinks and no window', mixedPlan(model, { sinkTokens: 0, windowTokens: 0 })],
  ['pod, near rows of three blocks packed', mixedPlan(model, { windowTokens: 24, floatTokens: 0, farKeys: 'int8' })],
  ['pod, older near rows packed', mixedPlan(model, { windowTokens: 11, farKeys: 'int8', floatTokens: 5 })],
  [
    'pod+select, older near rows packed, whole at first',
    selecting(mixedPlan(model, { windowTokens: 16, floatTokens: 8, farKeys: 'int8', wholeTokens: 24 }), 8),
  ],
  [
    'pod, packed, every second layer sliding',
    makePlan('pod', gemma, { sinkTokens: 2, windowTokens: 8, floatTokens: 4, chunkTokens: 8 }),
  ],
  ['streaming', makePlan('streaming', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 })],
  [
    'streaming, every second layer sliding',
    makePlan('streaming', gemma, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 }),
  ],
];

describe.each(plans)('a cache that goes back: %s', (_, plan) => {
  it.each([8, 16, 32])('to %i tokens is what it was then, and reads on from there', (position) => {
    const straight = new SequenceCache(plan);
    read(straight, plan, position);
    const cache = new SequenceCache(plan);
    read(cache, plan, 53, () => {
      if (cache.tokens === position) cache.snapshot();
    });
    expect(cache.rewindPoint(position + 7)).toBeGreaterThanOrEqual(position);
    cache.rewind(position);
    expect(feedsOf(cache)).toEqual(feedsOf(straight));
    for (const each of [cache, straight]) read(each, plan, 41);
    expect(feedsOf(cache)).toEqual(feedsOf(straight));
    expect(cache.report()).toMatchObject({ tokens: 41, nearTokens: straight.report().nearTokens });
  });

  it('can be taken apart into tensors and put together again', () => {
    const cache = new SequenceCache(plan);
    read(cache, plan, 45, () => {
      if ([16, 40].includes(cache.tokens)) cache.snapshot();
    });
    const copy = new SequenceCache(plan);
    copy.allocate(40, cache.snapshots);
    const parts = cache.tensors(40);
    const targets = copy.tensors(40);
    expect(targets.map(({ name, shape }) => ({ name, shape }))).toEqual(
      parts.map(({ name, shape }) => ({ name, shape })),
    );
    targets.forEach(({ data }, index) => data.set(parts[index]!.data));
    for (const each of [copy, cache]) each.rewind(40);
    expect(feedsOf(copy)).toEqual(feedsOf(cache));
    for (const each of [copy, cache]) each.rewind(16);
    expect(feedsOf(copy)).toEqual(feedsOf(cache));
  });

  it('counts the bytes of its snapshots, which take no more than was reckoned', () => {
    const cache = new SequenceCache(plan);
    cache.reserve(96);
    read(cache, plan, 96, () => {
      if ([32, 40].includes(cache.tokens)) cache.snapshot();
    });
    const { snapshotBytes: counted, cacheBytes } = cache.report();
    expect(cacheBytes).toBe(planBytes(plan, 96).cacheBytes + counted);
    expect(counted).toBeLessThanOrEqual(snapshotBytes(plan, 2));
    const isExact = plan.wholeTokens === undefined && plan.floatTokens === undefined;
    if (isExact) expect(counted).toBe(snapshotBytes(plan, 2));
    cache.keepSnapshots([40]);
    if (plan.wholeTokens === undefined) expect(cache.report().snapshotBytes).toBe(counted / 2);
  });
});

it.each([8, 16, 24])('a snapshot of packed near rows takes no more than was reckoned, taken after %i tokens', (at) => {
  const plan = mixedPlan(model, { windowTokens: 16, floatTokens: 8, farKeys: 'int8' });
  const cache = new SequenceCache(plan);
  read(cache, plan, 96, () => {
    if (cache.tokens === at) cache.snapshot();
  });
  expect(cache.report().snapshotBytes).toBeLessThanOrEqual(snapshotBytes(plan, 1));
});

it.each(plans)('a cache takes at its largest what was reckoned: %s', (_, plan) => {
  const cache = new SequenceCache(plan);
  cache.reserve(96);
  let largest = 0;
  read(cache, plan, 96, () => {
    largest = Math.max(largest, cache.report().cacheBytes);
  });
  expect(largest).toBe(peakBytes(plan, 96));
});

describe('a snapshot', () => {
  const plan = mixedPlan(model);
  const bytesAfter = (tokens: number, position = 40): number => {
    const cache = new SequenceCache(plan);
    read(cache, plan, tokens, () => {
      if (cache.tokens === position) cache.snapshot();
    });
    return cache.report().snapshotBytes;
  };

  it('takes its sinks at first, then each row that leaves the near stores, and no other', () => {
    const rowBytes = snapshotBytes(plan, 1) / (plan.sinkTokens + plan.windowTokens);
    const { windowTokens, chunkTokens } = plan;
    expect(bytesAfter(40)).toBe(plan.sinkTokens * rowBytes);
    expect(bytesAfter(40 + chunkTokens + 1)).toBe((plan.sinkTokens + chunkTokens) * rowBytes);
    for (const further of [windowTokens + chunkTokens + 1, 80]) {
      expect(bytesAfter(40 + further)).toBe((plan.sinkTokens + windowTokens) * rowBytes);
    }
  });

  it('is free of what a cache has that went back to it', () => {
    const cache = new SequenceCache(plan);
    read(cache, plan, 40);
    cache.snapshot();
    const { snapshotBytes: atFirst } = cache.report();
    read(cache, plan, 90);
    expect(cache.report().snapshotBytes).toBeGreaterThan(atFirst);
    cache.rewind(40);
    expect(cache.report().snapshotBytes).toBe(atFirst);
  });

  it('stays what it was while its rows leave, for a file that is being written', () => {
    const cache = new SequenceCache(plan);
    read(cache, plan, 40);
    cache.snapshot();
    const tensors = cache.tensors(40).map(({ name, data }) => ({ name, data, then: data.slice() }));
    read(cache, plan, 90);
    for (const { data, then } of tensors) expect(data).toEqual(then);
  });

  it('of a text that is near as a whole takes no more than was reckoned', () => {
    const whole = mixedPlan(model, { wholeTokens: 40 });
    const cache = new SequenceCache(whole);
    read(cache, whole, 73, () => {
      if (cache.tokens === 32) cache.snapshot();
    });
    expect(cache.report().snapshotBytes).toBeGreaterThan(snapshotBytes(plan, 1));
    expect(cache.report().snapshotBytes).toBeLessThanOrEqual(snapshotBytes(whole, 1));
  });
});

describe('a cache with near stores', () => {
  const plan = mixedPlan(model);

  it('goes back only to snapshots, and forgets those it went back past', () => {
    const cache = new SequenceCache(plan);
    read(cache, plan, 45, () => {
      if ([16, 32].includes(cache.tokens)) cache.snapshot();
    });
    expect([15, 16, 31, 44].map((tokens) => cache.rewindPoint(tokens))).toEqual([0, 16, 16, 32]);
    expect(() => cache.rewind(24)).toThrow(/no snapshot of 24/);
    cache.rewind(16);
    expect(cache.snapshots).toEqual([16]);
  });

  it('takes no snapshot inside a block', () => {
    const cache = new SequenceCache(plan);
    read(cache, plan, 13);
    expect(() => cache.snapshot()).toThrow(/after 13 tokens/);
  });
});
