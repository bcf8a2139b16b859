import { describe, expect, it } from 'vitest';
import { makePlan, planBytes } from '../../../../src/engine/cache/index.ts';
import type { Decoder } from '../../../../src/engine/decode/decoder.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { tinyDecoders } from '../../../fixtures/tinyDecoders.ts';
import { tinyIds } from '../../../fixtures/tinyIds.ts';
import { weightsByPosition } from '../../../fixtures/weightsByPosition.ts';
import { plainForward } from './plainForward.ts';

const load = tinyDecoders();
const ids = tinyIds(45);
const dense = (model: ModelDescription): CachePlan => makePlan('dense', model, { chunkTokens: 16 });

/** Reads all of `tokens` and gives the logits after each. */
async function readAll(decoder: Decoder, tokens: readonly number[]): Promise<Float32Array[]> {
  const { vocabSize } = decoder.model;
  const rows: Float32Array[] = [];
  await decoder.startSequence().prefill(tokens, {
    allLogits: true,
    onChunk: ({ logits, count }) => {
      for (let row = 0; row < count; row++) rows.push(logits!.slice(row * vocabSize, (row + 1) * vocabSize));
    },
  });
  return rows;
}

function largestGap(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((row, index) => Math.max(...row.map((value, i) => Math.abs(value - b[index]![i]!)))));
}

const best = (logits: Float32Array): number => logits.indexOf(Math.max(...logits));

/**
 * Float32 sums in another order differ by some 1e-5. With int8 rows that is now and then enough to round
 * a number the other way, which is a whole 127th of a row's largest element; with int4 an eighth.
 */
function toleranceOf(plan: CachePlan): { logits: number; weights: number } {
  if (plan.farValues === 'int4') return { logits: 0.1, weights: 2e-3 };
  const rounds = plan.farKeys === 'int8' || plan.farValues === 'int8';
  return rounds ? { logits: 0.02, weights: 2e-3 } : { logits: 1e-3, weights: 1e-4 };
}

const planCases: [string, (model: ModelDescription) => CachePlan][] = [
  ['dense', dense],
  ['pod, all keys own', (model) => makePlan('pod', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 })],
  ['pod, shared logits', (model) => mixedPlan(model)],
  ['pod, shared logits, a window that is no multiple of a block', (model) => mixedPlan(model, { windowTokens: 5 })],
  ['pod, whole up to its third block', (model) => mixedPlan(model, { wholeTokens: 21 })],
  ['pod, shared keys', (model) => mixedPlan(model, { share: 'keys' })],
  ['pod, int8 keys', (model) => mixedPlan(model, { farKeys: 'int8' })],
  ['pod, int4 values', (model) => mixedPlan(model, { farValues: 'int4' })],
  ['pod, no sinks and no window', (model) => mixedPlan(model, { sinkTokens: 0, windowTokens: 0 })],
  ['pod, shared logits, float32 values', (model) => mixedPlan(model, { farValues: 'float32' })],
  ['pod, shared keys, float32 values', (model) => mixedPlan(model, { share: 'keys', farValues: 'float32' })],
  ['pod+select, pages of all tokens', (model) => selecting(mixedPlan(model, { farKeys: 'int8' }), 64)],
  ['pod+select, shared keys', (model) => selecting(mixedPlan(model, { share: 'keys', farKeys: 'int8' }), 64)],
  ['pod+select, int4 values', (model) => selecting(mixedPlan(model, { farValues: 'int4' }), 64)],
  ['pod+select, nothing rounded', (model) => selecting(mixedPlan(model, { farValues: 'float32' }), 64)],
  ['pod, older near rows packed', (model) => mixedPlan(model, { windowTokens: 16, farKeys: 'int8', floatTokens: 8 })],
  [
    'pod, near rows packed but for sinks and block',
    (model) => mixedPlan(model, { windowTokens: 13, farKeys: 'int8', floatTokens: 0 }),
  ],
  [
    'pod, near rows packed but for the block',
    (model) => mixedPlan(model, { sinkTokens: 0, windowTokens: 16, floatTokens: 0, farKeys: 'int8' }),
  ],
  [
    'pod, older near rows packed, whole up to its fourth block',
    (model) => mixedPlan(model, { windowTokens: 9, farKeys: 'int8', floatTokens: 4, wholeTokens: 27 }),
  ],
  [
    'pod+select, older near rows packed',
    (model) => selecting(mixedPlan(model, { windowTokens: 16, floatTokens: 8, farKeys: 'int8' }), 64),
  ],
  ['streaming', (model) => makePlan('streaming', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 })],
  [
    'pod, own int8 keys, float32 values',
    (model) =>
      makePlan('pod', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8, farValues: 'float32', farKeys: 'int8' }),
  ],
];

describe.each(['llama', 'qwen2'] as const)('%s', (architecture) => {
  it.each(planCases)('computes what the plain pass computes: %s', async (_, planOf) => {
    const { gguf, model, plan, decoder } = await load({ architecture }, planOf);
    const expected = plainForward(gguf, model, plan, ids);
    expect(largestGap(await readAll(decoder, ids), expected.logits)).toBeLessThan(toleranceOf(plan).logits);

    const { attention } = await decoder.startSequence().prefill(ids);
    for (let layer = 0; layer < model.layers; layer++) {
      const found = weightsByPosition(attention, layer, ids.length);
      const wanted = expected.attended[layer]!;
      expect(Math.max(...found.map((value, at) => Math.abs(value - wanted[at]!)))).toBeLessThan(
        toleranceOf(plan).weights,
      );
    }
  });
});

describe('reading and writing', () => {
  it.each(planCases)('mean the same in chunks and token by token: %s', async (_, planOf) => {
    const { decoder } = await load({}, planOf);
    const whole = await readAll(decoder, ids);
    const sequence = decoder.startSequence();
    const rows = [(await sequence.prefill(ids.slice(0, 11))).logits.slice()];
    for (const id of ids.slice(11)) rows.push((await sequence.step(id)).logits.slice());
    // Near rows that are packed are many, and some number always lies on the edge of two steps.
    expect(largestGap(rows, whole.slice(10))).toBeLessThan(decoder.plan.floatTokens === undefined ? 1e-4 : 1e-2);
  });

  it.each(['packed', 'float32'] as const)(
    'under pod equal dense to the last bit while everything is near: %s',
    async (precision) => {
      const write = async (planOf: (model: ModelDescription) => CachePlan): Promise<Float32Array[]> => {
        const { decoder } = await load({ type: 'Q4_1' }, planOf, { precision });
        const sequence = decoder.startSequence();
        const made = [(await sequence.prefill(ids)).logits.slice()];
        while (made.length < 16) made.push((await sequence.step(best(made.at(-1)!))).logits.slice());
        return made;
      };
      // One grid of chunks for both: where a chunk ends decides in which order its sums are taken.
      const wide = await write((model) => mixedPlan(model, { windowTokens: 128 }));
      const exact = await write((model) => makePlan('dense', model, { chunkTokens: 8 }));
      expect(wide).toEqual(exact);
      expect(await write((model) => mixedPlan(model, { wholeTokens: 64 }))).toEqual(exact);
    },
  );

  it('differ under pod once tokens are distant, so that the sharing is really used', async () => {
    const { decoder } = await load({}, (model) => mixedPlan(model));
    const { decoder: other } = await load({}, dense);
    expect(largestGap(await readAll(decoder, ids), await readAll(other, ids))).toBeGreaterThan(0.01);
  });

  it('are close to exact with packed weights', async () => {
    const { gguf, model, plan, decoder } = await load({ type: 'Q8_0' }, dense, { precision: 'packed' });
    const expected = plainForward(gguf, model, plan, ids).logits;
    const found = await readAll(decoder, ids);
    const agree = found.filter((row, index) => best(row) === best(expected[index]!)).length;
    expect(agree).toBeGreaterThanOrEqual(ids.length - 4);
    const size = Math.sqrt(expected.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0));
    const gap = Math.sqrt(
      found.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + (v - expected[i]![j]!) ** 2, 0), 0),
    );
    expect(gap / size).toBeLessThan(0.1);
  });
});

describe('a sequence', () => {
  it('stopped while reading stands after whole chunks and goes on as if nothing were', async () => {
    const { decoder } = await load({}, (model) => mixedPlan(model));
    const whole = await decoder.startSequence().prefill(ids);
    const sequence = decoder.startSequence();
    const stop = new AbortController();
    const reading = sequence.prefill(ids, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done >= 16) stop.abort();
      },
    });
    await expect(reading).rejects.toThrow(/abort/i);
    expect(sequence.tokens).toBe(16);
    const rest = await sequence.prefill(ids.slice(16));
    expect(largestGap([rest.logits], [whole.logits])).toBeLessThan(1e-4);
  });

  it('lets the event loop turn between calls', async () => {
    const { decoder } = await load({}, dense);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await decoder.startSequence().prefill(ids);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it.each(planCases)('allocates what its plan says: %s', async (_, planOf) => {
    const { plan, decoder } = await load({}, planOf);
    const sequence = decoder.startSequence();
    await sequence.prefill(ids);
    expect(sequence.report()).toEqual(planBytes(plan, ids.length));
  });

  it('refuses a token that is none, no token, and more than the context', async () => {
    const { decoder } = await load({ contextTokens: 64 }, dense);
    const sequence = decoder.startSequence();
    await expect(sequence.prefill([1, 100_000])).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(sequence.prefill([])).rejects.toMatchObject({ code: 'input/empty' });
    await expect(sequence.prefill(new Array<number>(65).fill(1))).rejects.toMatchObject({ code: 'cache/context' });
    await sequence.prefill(ids);
    expect(sequence.tokens).toBe(ids.length);
  });

  it('hands out queries and keys after RoPE when they are tapped', async () => {
    const { model, decoder } = await load({}, dense, { taps: new Set(['layers.2.q', 'layers.2.k']) });
    const sizes: number[] = [];
    await decoder.startSequence().prefill(ids.slice(0, 10), {
      onChunk: ({ taps }) => {
        sizes.push(taps.get('layers.2.q')!.length, taps.get('layers.2.k')!.length, taps.size);
      },
    });
    expect(sizes).toEqual([10 * model.heads * model.headDim, 10 * model.kvHeads * model.headDim, 2]);
  });
});
