import { describe, expect, it } from 'vitest';
import { makePlan, type PlanOptions } from '../../../../src/engine/cache/index.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import { type CachePlan, type KvHeadPlan, layerIndex } from '../../../../src/shared/domain/index.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';
import type { TinyModelOptions } from '../../../fixtures/tinyGguf.ts';
import { packedLinear } from './packedLinear.ts';
import { compare, largestGap, relativeGap } from './readDecoder.ts';

/** Float32 sums in another order: measured up to 6e-5 on logits. */
const sumsTolerance = 2e-4;

const models: { name: string; tiny: TinyModelOptions }[] = [
  { name: 'qwen3', tiny: { architecture: 'qwen3' } },
  { name: 'gemma3', tiny: { architecture: 'gemma3' } },
  { name: 'gemma3, window of one token', tiny: { architecture: 'gemma3', windowTokens: 1 } },
  { name: 'gemma3, window longer than the text', tiny: { architecture: 'gemma3', windowTokens: 100 } },
  { name: 'phi3', tiny: { architecture: 'phi3' } },
  { name: 'phi3, part of each head turned', tiny: { architecture: 'phi3', ropeDims: 12 } },
  {
    name: 'phi3, LongRoPE',
    tiny: { architecture: 'phi3', rope: { factors: 'rope_factors_long.weight', magnitude: 1.25 } },
  },
  { name: 'phi3, all layers sliding', tiny: { architecture: 'phi3', windowTokens: 10 } },
];

const dense = (model: ModelDescription): CachePlan => makePlan('dense', model, { chunkTokens: 16 });

/** Of the layers that see the whole text, each second one follows the one below: one KV head of two, or both. */
function sharing(model: ModelDescription, options: PlanOptions = {}): CachePlan {
  const random = new SeededRandom(7);
  const global = Array.from({ length: model.layers }, (_, layer) => layer).filter(
    (layer) => !model.sliding?.layers.includes(layer),
  );
  const layers = Array.from({ length: model.layers }, (_, layer) => {
    const place = global.indexOf(layer);
    const follower: KvHeadPlan = {
      kind: 'follower',
      leader: layerIndex(global[place - 1] ?? 0),
      mix: Array.from({ length: model.heads / model.kvHeads }, () =>
        Array.from({ length: model.heads + 1 }, () => 0.5 * random.normal()),
      ),
    };
    const own: KvHeadPlan = { kind: 'own' };
    const follows = place % 2 === 1;
    return {
      layer: layerIndex(layer),
      kvHeads: Array.from({ length: model.kvHeads }, (_, head) => (follows && head < place ? follower : own)),
    };
  });
  return makePlan('pod', model, {
    layers,
    sinkTokens: 2,
    windowTokens: 8,
    chunkTokens: 8,
    farKeys: 'float32',
    farValues: 'float32',
    ...options,
  });
}

const plans: [string, (model: ModelDescription) => CachePlan][] = [
  ['dense', dense],
  ['pod, a window that covers the text', (model) => sharing(model, { windowTokens: 64 })],
  ['pod with a distant part', (model) => sharing(model)],
  ['pod with a distant part, shared keys', (model) => sharing(model, { share: 'keys' })],
];
const cases = models.flatMap((model) => plans.map(([plan, planOf]) => ({ ...model, plan, planOf })));

describe('the float32 decoder and the reference agree', () => {
  it.each(cases)('at every tap and on logits: $name, $plan', async ({ tiny, planOf }) => {
    const { decoder, reference } = await compare(tiny, { planOf, taps: 'all' });
    expect([...decoder.taps.keys()].toSorted()).toEqual([...reference.taps.keys()].toSorted());
    const apart = [...reference.taps]
      .map(([name, rows]) => ({ name, gap: largestGap(decoder.taps.get(name)!, rows) }))
      .filter(({ gap }) => !(gap < sumsTolerance));
    expect(apart).toEqual([]);
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(sumsTolerance);
  });

  it.each(models)('when tokens come in odd calls and one by one: $name', async ({ tiny }) => {
    const { decoder, reference } = await compare(tiny, { planOf: sharing, calls: [11, 1, 14] });
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(sumsTolerance);
  });
});

describe('with packed weights the rest is rounding', () => {
  it.each(models)('$name', async ({ tiny }) => {
    const options = { planOf: sharing, precision: 'packed', taps: 'all' } as const;
    const { decoder, reference } = await compare({ ...tiny, type: 'Q8_0' }, { ...options, linear: packedLinear });
    expect(relativeGap(decoder.logits, reference.logits)).toBeLessThan(0.03);
  });
});

describe('what sets an architecture apart really counts', () => {
  const gap = async (tiny: TinyModelOptions, change: (model: ModelDescription) => Partial<ModelDescription>) => {
    const plain = await compare(tiny, { planOf: dense });
    const changed = await compare(tiny, {
      planOf: dense,
      alter: (gguf, model) => ({ gguf, model: { ...model, ...change(model) } }),
    });
    expect(largestGap(changed.decoder.logits, changed.reference.logits)).toBeLessThan(sumsTolerance);
    return largestGap(changed.reference.logits, plain.reference.logits);
  };

  it.each<[string, (model: ModelDescription) => Partial<ModelDescription>]>([
    ['norms of q and k', () => ({ queryKeyNorm: false })],
    ['norms of branches', () => ({ branchNorms: false })],
    ['GELU', () => ({ activation: 'silu' })],
    ['the scale of embeddings', () => ({ embeddingScale: 1 })],
    ['the scale of queries', ({ queryScale }) => ({ queryScale: queryScale / 2 })],
    ['the window', ({ sliding }) => ({ sliding: { ...sliding!, windowTokens: 20 } })],
    ['which layers slide', ({ sliding }) => ({ sliding: { ...sliding!, layers: [0] } })],
    ['the angles of sliding layers', ({ rope }) => ({ slidingRope: rope })],
  ])('%s in gemma3', async (_, change) => {
    expect(await gap({ architecture: 'gemma3' }, change)).toBeGreaterThan(0.01);
  });
});
