import { describe, expect, it } from 'vitest';
import { makePlan, type PlanOptions } from '../../../../src/engine/cache/index.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { mixedPlan } from '../../../fixtures/samplePlans.ts';
import { packedLinear } from './packedLinear.ts';
import { compare, expectAgreement, largestGap, relativeGap } from './readDecoder.ts';

/** Float32 sums in another order: measured up to 3e-5 on logits and 4e-5 on taps. */
const sumsTolerance = 2e-4;

/** With far values in float32, so that no rounding hides a difference. */
const shared = (options: PlanOptions = {}) => {
  return (model: ModelDescription): CachePlan => mixedPlan(model, { farValues: 'float32', ...options });
};
const dense = (model: ModelDescription): CachePlan => makePlan('dense', model, { chunkTokens: 16 });

const architectures = ['llama', 'qwen2'] as const;
const types = ['F32', 'Q8_0', 'Q4_1'] as const;
const plans: [string, (model: ModelDescription) => CachePlan][] = [
  ['dense', dense],
  ['pod, shared logits', shared()],
  ['pod, shared keys', shared({ share: 'keys' })],
];
const cases = architectures.flatMap((architecture) =>
  types.flatMap((type) => plans.map(([plan, planOf]) => ({ architecture, type, plan, planOf }))),
);

describe('the float32 decoder and the reference agree', () => {
  it.each(cases)('at every tap and on logits: $architecture, $type, $plan', async ({ architecture, type, planOf }) => {
    expectAgreement(await compare({ architecture, type }, { planOf, taps: 'all' }), sumsTolerance);
  });

  it.each(plans)('when tokens come in calls of odd lengths and one by one: %s', async (_, planOf) => {
    const { decoder, reference } = await compare({}, { planOf, calls: [11, 1, 14] });
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(sumsTolerance);
  });

  it.each([
    ['sinks only', shared({ windowTokens: 0 })],
    ['no near token but the block', shared({ sinkTokens: 0, windowTokens: 0 })],
    ['a window that is no multiple of a block', shared({ windowTokens: 5 })],
    ['blocks of one token', shared({ sinkTokens: 1, chunkTokens: 1 })],
  ])('wherever the boundary lies: %s', async (_, planOf) => {
    expectAgreement(await compare({}, { planOf, taps: 'all' }), sumsTolerance);
  });

  it.each([
    ['linear scaling', (model) => ({ rope: { ...model.rope, scale: 0.25 } })],
    ['part of each head turned', () => ({ ropeDims: 8 })],
    ['another base', (model) => ({ rope: { ...model.rope, base: 1_000_000 } })],
    [
      'YaRN, whose ramp begins at the fourth pair',
      (model) => ({
        rope: {
          ...model.rope,
          scale: 0.25,
          yarn: { originalContextTokens: 64, betaFast: 2, betaSlow: 0.1 },
          magnitude: 1.14,
        },
      }),
    ],
  ] as [string, (model: ModelDescription) => Partial<ModelDescription>][])(
    'on rotary positions with %s',
    async (_, change) => {
      for (const architecture of architectures) {
        const plain = await compare({ architecture }, { planOf: dense });
        const { decoder, reference } = await compare(
          { architecture },
          { planOf: dense, alter: (gguf, model) => ({ gguf, model: { ...model, ...change(model) } }) },
        );
        expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(sumsTolerance);
        expect(largestGap(reference.logits, plain.reference.logits)).toBeGreaterThan(0.01);
      }
    },
  );

  it.each([
    ['farKeys', 'int8', 0.02],
    ['farValues', 'int8', 0.02],
    ['farValues', 'int4', 0.1],
  ] as const)('with %s in %s, but for numbers on the edge of rounding', async (store, type, tolerance) => {
    const { decoder, reference } = await compare({}, { planOf: shared({ [store]: type }) });
    // A number rounded the other way is off by a 127th, or an eighth, of its row's largest.
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(tolerance);
    const unrounded = await compare({}, { planOf: shared() });
    const effect = relativeGap(reference.logits, unrounded.reference.logits);
    expect(relativeGap(decoder.logits, reference.logits)).toBeLessThan(effect / 4);
  });
});

it('with older near rows packed they agree, but for numbers on the edge of rounding', async () => {
  const sizes = { farKeys: 'int8', farValues: 'int8', windowTokens: 12 } as const;
  const { decoder, reference } = await compare({}, { planOf: shared({ ...sizes, floatTokens: 4 }) });
  expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(0.02);
  const unpacked = await compare({}, { planOf: shared(sizes) });
  expect(largestGap(reference.logits, unpacked.reference.logits)).toBeGreaterThan(0.02);
});

describe('a window that covers the prompt', () => {
  it.each(['logits', 'keys'] as const)('makes pod equal dense: shared %s', async (share) => {
    const wide = await compare({}, { planOf: shared({ share, windowTokens: 128 }) });
    const whole = await compare({}, { planOf: dense });
    expect(largestGap(wide.reference.logits, whole.reference.logits)).toBe(0);
    expect(largestGap(wide.decoder.logits, whole.reference.logits)).toBeLessThan(sumsTolerance);
    const narrow = await compare({}, { planOf: shared({ share }) });
    expect(largestGap(narrow.reference.logits, whole.reference.logits)).toBeGreaterThan(0.1);
  });
});

/**
 * The default precision rounds inputs of linear layers to 8 bits, which moves these logits by 5 to
 * 13%. With the same rounding in the reference the rest of the difference is that a number on the edge
 * of two steps falls to the other side: 0 to 2%, and nothing of it before the second linear layer.
 */
describe('the packed decoder and the reference with rounded inputs agree', () => {
  it.each(cases)('$architecture, $type, $plan', async ({ architecture, type, planOf }) => {
    const options = { planOf, precision: 'packed', taps: 'all' } as const;
    const { decoder, reference } = await compare({ architecture, type }, { ...options, linear: packedLinear });
    for (const name of ['layers.0.q', 'layers.0.k', 'layers.0.v', 'layers.0.attended']) {
      expect(largestGap(decoder.taps.get(name)!, reference.taps.get(name)!), name).toBeLessThan(sumsTolerance);
    }
    const unexplained = relativeGap(decoder.logits, reference.logits);
    expect(unexplained).toBeLessThan(0.03);
    const exact = await compare({ architecture, type }, options);
    expect(unexplained).toBeLessThan(relativeGap(exact.decoder.logits, exact.reference.logits) / 2);
  });
});
