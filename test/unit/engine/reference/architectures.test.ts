import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/engine/cache/index.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { pairedPlan } from '../../../fixtures/samplePlans.ts';
import type { TinyModelOptions } from '../../../fixtures/tinyGguf.ts';
import { packedLinear } from './packedLinear.ts';
import { compare, expectAgreement, largestGap, relativeGap } from './readDecoder.ts';

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

const plans: [string, (model: ModelDescription) => CachePlan][] = [
  ['dense', dense],
  ['pod, a window that covers the text', (model) => pairedPlan(model, { windowTokens: 64 })],
  ['pod with a distant part', (model) => pairedPlan(model)],
  ['pod with a distant part, shared keys', (model) => pairedPlan(model, { share: 'keys' })],
];
const cases = models.flatMap((model) => plans.map(([plan, planOf]) => ({ ...model, plan, planOf })));

describe('the float32 decoder and the reference agree', () => {
  it.each(cases)('at every tap and on logits: $name, $plan', async ({ tiny, planOf }) => {
    expectAgreement(await compare(tiny, { planOf, taps: 'all' }), sumsTolerance);
  });

  it.each(models)('when tokens come in odd calls and one by one: $name', async ({ tiny }) => {
    const { decoder, reference } = await compare(tiny, { planOf: pairedPlan, calls: [11, 1, 14] });
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(sumsTolerance);
  });
});

describe('with packed weights the rest is rounding', () => {
  it.each(models)('$name', async ({ tiny }) => {
    const options = { planOf: pairedPlan, precision: 'packed', taps: 'all' } as const;
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
