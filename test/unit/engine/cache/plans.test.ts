import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkPlan,
  distantKeysDropped,
  distantRange,
  makePlan,
  packedNearRange,
  planBytes,
  policies,
  readPlanFile,
} from '../../../../src/engine/cache/index.ts';
import { type CachePlan, layerIndex } from '../../../../src/shared/domain/index.ts';
import { mixedPlan } from '../../../fixtures/samplePlans.ts';
import { tinyModel } from '../../../fixtures/tinyGguf.ts';

const adapter = { sha256: 'a'.repeat(64) };
const shape = { layers: 4, heads: 4, kvHeads: 2, headDim: 16 };

describe.each(Object.values(policies))('the policy $name', ({ name, summary }) => {
  const plan = makePlan(name, shape);

  it('says what it is, and makes a plan that can be carried out', () => {
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(plan.policy).toBe(name);
    expect(() => checkPlan(plan)).not.toThrow();
  });

  it('gives every token one place: near, or distant from the first sink on', () => {
    for (let position = 0; position < 2000; position += 7) {
      const { start, end } = distantRange(plan, position);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(Math.max(start, position));
    }
  });

  it('costs no more than dense in float32, but for its near store', () => {
    const bytes = planBytes(plan, 6000);
    expect(bytes.cacheBytes).toBe(bytes.nearBytes + bytes.farKeyBytes + bytes.farValueBytes + bytes.snapshotBytes);
    expect(bytes.farKeyBytes + bytes.farValueBytes).toBeLessThanOrEqual(bytes.denseBytes);
    expect(bytes.denseFp16Bytes * 2).toBe(bytes.denseBytes);
  });

  it('names the same plan alike and another one differently', () => {
    expect(makePlan(name, shape).id).toBe(plan.id);
    if (name !== 'dense') expect(makePlan(name, shape, { windowTokens: 64 }).id).not.toBe(plan.id);
  });

  const shares = name !== 'dense' && name !== 'streaming';
  it(shares ? 'keeps the adapter it is given, under another id' : 'takes the weights as they are', () => {
    const adapted = makePlan(name, shape, { adapter });
    if (!shares) expect(adapted).toEqual(plan);
    else expect({ ...adapted, id: plan.id }).toEqual({ ...plan, adapter });
    expect(makePlan(name, shape, adapted).id).toBe(adapted.id);
    const ids = [plan, adapted, makePlan(name, shape, { adapter: { sha256: 'b'.repeat(64) } })].map(({ id }) => id);
    expect(new Set(ids).size).toBe(shares ? 3 : 1);
  });
});

describe('the boundary', () => {
  const plan = makePlan('pod', shape, { sinkTokens: 4, windowTokens: 256, chunkTokens: 128 });

  it('is the same for all queries of a block', () => {
    for (let block = 0; block < 10; block++) {
      const first = distantRange(plan, block * 128);
      expect(distantRange(plan, block * 128 + 127)).toEqual(first);
    }
  });

  it('leaves the window, and moves by a block', () => {
    expect(distantRange(plan, 383)).toEqual({ start: 4, end: 4 });
    expect(distantRange(plan, 384)).toEqual({ start: 4, end: 128 });
    expect(distantRange(plan, 512)).toEqual({ start: 4, end: 256 });
  });

  it('stays at the sinks while a text is near as a whole, and then is where it would be without', () => {
    const whole = makePlan('pod', shape, { sinkTokens: 4, windowTokens: 256, chunkTokens: 128, wholeTokens: 1024 });
    for (let position = 0; position < 1024; position += 31) {
      expect(distantRange(whole, position)).toEqual({ start: 4, end: 4 });
    }
    for (let position = 1024; position < 2000; position += 31) {
      expect(distantRange(whole, position)).toEqual(distantRange(plan, position));
    }
  });

  it('leaves every token near where near and distant are kept alike', () => {
    expect(distantRange(makePlan('dense', shape), 77)).toEqual({ start: 0, end: 0 });
  });
});

describe('the older near tokens', () => {
  const plan = makePlan('pod+select', shape, { windowTokens: 256, floatTokens: 96, wholeTokens: 512 });

  it('are packed where there are distant ones, as many at every position', () => {
    for (let position = 0; position < 2000; position += 31) {
      const { start, end } = distantRange(plan, position);
      const packed = packedNearRange(plan, position);
      expect(packed.start).toBe(end);
      expect(packed.end - packed.start).toBe(end > start ? 160 : 0);
      expect(packed.end).toBeLessThanOrEqual(Math.max(start, position - 96));
    }
  });

  it('take a plan of another name, which is the old one where none is packed', () => {
    expect(makePlan('pod', shape, { windowTokens: 256, floatTokens: 256 })).toEqual(makePlan('pod', shape));
    expect(makePlan('pod', shape, { floatTokens: 96 }).id).not.toBe(makePlan('pod', shape).id);
  });
});

describe('the share of dropped keys', () => {
  it('counts KV heads that follow', () => {
    expect(distantKeysDropped(mixedPlan(tinyModel()))).toBe(3 / 8);
    expect(distantKeysDropped(makePlan('dense', shape))).toBe(0);
  });
});

describe('checking a plan', () => {
  const good = mixedPlan(tinyModel());
  const own = { kind: 'own' as const };
  const withLayer = (layer: number, kvHeads: CachePlan['layers'][number]['kvHeads']): CachePlan => ({
    ...good,
    layers: good.layers.map((entry) => (entry.layer === layer ? { layer: layerIndex(layer), kvHeads } : entry)),
  });
  const follower = {
    kind: 'follower' as const,
    leader: layerIndex(0),
    mix: [
      [1, 0, 0, 0, 0],
      [0, 1, 0, 0, 0],
    ],
  };

  it.each<[string, CachePlan]>([
    ['a missing layer', { ...good, layers: good.layers.slice(1) }],
    ['a missing KV head', withLayer(0, [own])],
    ['a leader that is not below', withLayer(2, [own, { ...follower, leader: layerIndex(2) }])],
    ['a leader that follows', withLayer(2, [own, { ...follower, leader: layerIndex(1) }])],
    ['a mix of the wrong size', withLayer(2, [own, { ...follower, mix: [[1, 0, 0, 0, 0]] }])],
    [
      'a mix with no number',
      withLayer(2, [
        own,
        {
          ...follower,
          mix: [
            [1, 0, 0, 0, Number.NaN],
            [0, 1, 0, 0, 0],
          ],
        },
      ]),
    ],
    ['a negative window', { ...good, windowTokens: -1 }],
    ['a part of a token to keep whole', { ...good, wholeTokens: 0.5 }],
    ['packed near rows of more than the window', { ...good, floatTokens: good.windowTokens + 1 }],
    ['a part of a token to keep in float32', { ...good, floatTokens: 0.5 }],
    ['an empty block', { ...good, chunkTokens: 0 }],
    ['more sinks than a block', { ...good, sinkTokens: 9 }],
  ])('refuses %s', (_, plan) => {
    expect(() => checkPlan(plan)).toThrow(expect.objectContaining({ code: 'cache/plan' }));
  });

  it('refuses to pack near rows where no distant ones are kept, and parts of pages', () => {
    const streaming = { ...makePlan('streaming', shape), floatTokens: 8 };
    expect(() => checkPlan(streaming)).toThrow(/packs near tokens, and keeps no distant ones/);
    const exact = { ...makePlan('pod', shape, { farValues: 'float32' }), floatTokens: 8 };
    expect(() => checkPlan(exact)).toThrow(/packs near tokens, and keeps distant ones in float32/);
    const paged = { ...makePlan('pod+select', shape, { windowTokens: 64 }), floatTokens: 40 };
    expect(() => checkPlan(paged)).toThrow(/24 packed near tokens are no whole number of pages of 16/);
  });

  it('refuses to select where the policy does not, and not to where it does', () => {
    const select = { pageTokens: 16, readTokens: 512 };
    expect(() => checkPlan({ ...makePlan('pod', shape), select })).toThrow(/policy is pod, and it says how distant/);
    const unsaid: CachePlan = { ...makePlan('pod', shape), policy: 'pod+int4' };
    expect(() => checkPlan(unsaid)).toThrow(/policy is pod\+int4, and it says not how distant/);
  });

  it('refuses to drop distant tokens and to share their keys or pick their pages', () => {
    const dropping = { ...good, distant: 'dropped' as const };
    expect(() => checkPlan(dropping)).toThrow(/shares keys of distant tokens, which it drops/);
    const paged = { ...makePlan('pod+select', shape), distant: 'dropped' as const };
    expect(() => checkPlan(paged)).toThrow(/selects pages of distant tokens, which it drops/);
  });

  it('accepts a follower among own heads', () => {
    expect(() => checkPlan(withLayer(3, [own, follower]))).not.toThrow();
  });
});

describe('reading a plan file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-plan-'));
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const plan = mixedPlan(tinyModel());

  it('gives back the plan', async () => {
    const path = write('good.json', { made: { how: 'test' }, plan });
    expect(await readPlanFile(path, tinyModel())).toEqual({ plan, adapterPath: null });
    const whole = makePlan('pod', tinyModel(), { wholeTokens: 512 });
    expect((await readPlanFile(write('whole.json', { plan: whole }), tinyModel())).plan).toEqual(whole);
    const packing = makePlan('pod', tinyModel(), { windowTokens: 16, floatTokens: 8 });
    expect((await readPlanFile(write('packing.json', { plan: packing }), tinyModel())).plan).toEqual(packing);
    const dropping = makePlan('streaming', tinyModel());
    expect((await readPlanFile(write('dropping.json', { plan: dropping }), tinyModel())).plan).toEqual(dropping);
  });

  it('gives back a plan with an adapter under an id of its own, and where the adapter lies', async () => {
    const { sha256 } = adapter;
    const content = { adapter: { file: '../adapters/tiny.safetensors', sha256 }, plan: makePlan('pod', tinyModel()) };
    const found = await readPlanFile(write('adapted.json', content), tinyModel());
    expect(found.plan).toEqual(makePlan('pod', tinyModel(), { adapter }));
    expect(found.plan.id).not.toBe(content.plan.id);
    expect(found.adapterPath).toBe(join(folder, '..', 'adapters', 'tiny.safetensors'));
  });

  it.each<[string, () => string, RegExp]>([
    ['a missing file', () => join(folder, 'none.json'), /cannot be read/],
    ['a file that is no JSON', () => write('cut.json', '{"plan": {'), /no cache plan/],
    [
      'a plan with a field missing',
      () => write('part.json', { plan: { ...plan, layers: undefined } }),
      /no cache plan/,
    ],
    [
      'an adapter without its checksum',
      () => write('unnamed.json', { plan, adapter: { file: 'tiny.safetensors' } }),
      /no cache plan/,
    ],
    [
      'a dense plan with an adapter',
      () => write('dense.json', { plan: makePlan('dense', tinyModel()), adapter: { file: 'a', ...adapter } }),
      /dense takes the weights as they are/,
    ],
    [
      'a plan for another model',
      () => write('other.json', { plan: { ...plan, shape: { ...plan.shape, heads: 8 } } }),
      /another model: its heads is 8, not 4/,
    ],
  ])('refuses %s', async (_, path, message) => {
    await expect(readPlanFile(path(), tinyModel())).rejects.toMatchObject({
      code: 'cache/plan',
      message: expect.stringMatching(message) as string,
    });
  });
});
