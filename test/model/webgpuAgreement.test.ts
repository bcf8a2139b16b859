import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPlanFile } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { SequenceCache } from '#engine/cache/sequenceCache.ts';
import { createDecoder, type Decoder, type DecoderOptions } from '#engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '#engine/model/index.ts';
import { createSession } from '#engine/runtime/ort.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { realModel } from '../fixtures/realModels.ts';
import { mixedPlan, selecting } from '../fixtures/samplePlans.ts';
import { softwareGpu } from '../fixtures/softwareGpu.ts';
import { type TinyModelOptions, tinyGguf } from '../fixtures/tinyGguf.ts';

/**
 * Sessions for WebGPU are made with the fallback to the processor off: a graph that compiles runs there whole, and
 * a decoder that left the device says so.
 */
const hasGpu = await softwareGpu();

const best = (logits: Float32Array): number => logits.reduce((top, v, id) => (v > logits[top]! ? id : top), 0);

function largestGap(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

describe.skipIf(!hasGpu)('made-up models on WebGPU (skipped without a software graphics driver)', () => {
  const open: GgufFile[] = [];
  const decoders: Decoder[] = [];
  afterEach(async () => {
    for (const decoder of decoders.splice(0)) await decoder.dispose();
    for (const gguf of open.splice(0)) gguf.close();
  });

  const ids = Array.from({ length: 45 }, (_, index) => 1 + ((index * 37) % 90));

  /** Logits of all positions, of two steps after them, and what the last of them attended to. */
  async function numbersOf(options: DecoderOptions): Promise<Float32Array[]> {
    const decoder = await createDecoder(options);
    decoders.push(decoder);
    const sequence = decoder.startSequence();
    const numbers: Float32Array[] = [];
    await sequence.prefill(ids, { allLogits: true, onChunk: ({ logits }) => void numbers.push(logits!.slice()) });
    for (const id of [3, 50]) {
      const { logits, attention } = await sequence.step(id);
      numbers.push(logits.slice(), attention.near, attention.distant);
    }
    expect(decoder.device).toBe(options.device ?? 'cpu');
    return numbers;
  }

  /** With rows of int8, a difference of the last bit is now and then rounded to a whole step. */
  const cases: [string, TinyModelOptions, (model: ModelDescription) => CachePlan, number][] = [
    ['llama, Q4_1, dense', { type: 'Q4_1' }, (model) => makePlan('dense', model, { chunkTokens: 16 }), 1e-3],
    ['llama, Q8_0, int8, shared logits', { type: 'Q8_0' }, (model) => mixedPlan(model, { farKeys: 'int8' }), 0.02],
    [
      'llama, Q8_0, int8, older near rows packed',
      { type: 'Q8_0' },
      (model) => selecting(mixedPlan(model, { farKeys: 'int8', windowTokens: 16, floatTokens: 8 }), 8),
      0.02,
    ],
    [
      'qwen3, Q4_0, float32, shared keys',
      { architecture: 'qwen3', type: 'Q4_0' },
      (model) => mixedPlan(model, { share: 'keys', farValues: 'float32' }),
      1e-3,
    ],
    [
      // The processor rounds queries to pick pages, so which few it picks may differ: all are read here.
      'llama, Q8_0, int8 keys in pages',
      { type: 'Q8_0' },
      (model) => selecting(mixedPlan(model, { farKeys: 'int8' }), 64),
      0.02,
    ],
    [
      'llama, Q4_0, float32, shared keys, few pages read',
      { type: 'Q4_0' },
      (model) => selecting(mixedPlan(model, { share: 'keys', farValues: 'float32' }), 8),
      1e-3,
    ],
    [
      'gemma3, Q8_0, dense',
      { architecture: 'gemma3', type: 'Q8_0' },
      (model) => makePlan('dense', model, { chunkTokens: 16 }),
      1e-3,
    ],
  ];

  it.each(cases)('compute what the processor computes without rounding: %s', async (_, tiny, planOf, tolerance) => {
    const gguf = await openGguf(tinyGguf(tiny));
    open.push(gguf);
    const model = describeModel(gguf);
    const common = { gguf, model, plan: planOf(model) };
    const expected = await numbersOf({ ...common, precision: 'float32' });
    const found = await numbersOf({ ...common, device: 'webgpu' });
    for (const [index, numbers] of found.entries()) {
      expect(largestGap(numbers, expected[index]!)).toBeLessThan(tolerance);
    }
  });

  it('refuse a graph of which a part would run on the processor', async () => {
    const gguf = await openGguf(tinyGguf());
    open.push(gguf);
    const model = describeModel(gguf);
    const graphsOfTheProcessor: DecoderOptions = {
      gguf,
      model,
      plan: makePlan('dense', model),
      createSession: (bytes, options) => createSession(bytes, { ...options, device: 'webgpu' }),
    };
    await expect(createDecoder(graphsOfTheProcessor)).rejects.toMatchObject({ code: 'device/unavailable' });
  });
});

const CONTEXT_TOKENS = 1_000;
/** The end of the context is read on WebGPU; the processor reads what is before it, some hundred times as fast. */
const READ_ON_GPU = 16;
const ANSWER_TOKENS = 16;
/** Tokens whose logits are this close are a draw: the processor rounds activations to 8 bits. */
const DRAW_LOGITS = 0.05;

describe.skipIf(!hasGpu || realModel('quick') === null)(
  'the quick model on WebGPU (skipped without the model or a software graphics driver)',
  () => {
    let gguf: GgufFile;
    let ids: number[];
    let cpu: Decoder;
    let gpu: Decoder;

    beforeAll(async () => {
      gguf = await openGguf(realModel('quick')!);
      const model = describeModel(gguf);
      ids = new Tokenizer(gguf).encode(readFileSync('resources/welcome.md', 'utf8'), 'plain').slice(0, CONTEXT_TOKENS);
      const { plan, adapter } = await openPlanFile('resources/plans/quick.json', gguf, model);
      // As a longer text is kept: so short a one would be near as a whole.
      const opened = { plan: makePlan('pod+select', model, { ...plan, wholeTokens: 0 }), adapter };
      cpu = await createDecoder({ gguf, model, ...opened });
      gpu = await createDecoder({ gguf, model, ...opened, device: 'webgpu' });
    });

    afterAll(async () => {
      await cpu.dispose();
      await gpu.dispose();
      gguf.close();
    });

    it('goes on from 1,000 tokens with the 16 tokens of the processor, but for draws', async () => {
      const split = CONTEXT_TOKENS - READ_ON_GPU;
      const caches = [new SequenceCache(cpu.plan), new SequenceCache(cpu.plan)] as const;
      for (const cache of caches) await cpu.startSequence(cache).prefill(ids.slice(0, split));

      const writing = cpu.startSequence(caches[0]);
      const expected = [(await writing.prefill(ids.slice(split))).logits.slice()];
      while (expected.length < ANSWER_TOKENS) {
        expected.push((await writing.step(best(expected.at(-1)!))).logits.slice());
      }
      expect(writing.report().distantTokens).toBeGreaterThan(CONTEXT_TOKENS / 3);

      // WebGPU is led along the processor's answer, so that each of its 16 choices is made in the same place.
      const answer = expected.map(best);
      const following = gpu.startSequence(caches[1]);
      const found = [(await following.prefill(ids.slice(split))).logits.slice()];
      found.push((await following.step(answer[0]!)).logits.slice());
      const { vocabSize } = gpu.model;
      await following.prefill(answer.slice(1, -1), {
        allLogits: true,
        onChunk: ({ logits, count }) => {
          for (let row = 0; row < count; row++) found.push(logits!.slice(row * vocabSize, (row + 1) * vocabSize));
        },
      });

      expect(gpu.device).toBe('webgpu');
      expect(found).toHaveLength(ANSWER_TOKENS);
      for (const [index, logits] of found.entries()) {
        const lead = expected[index]![answer[index]!]! - expected[index]![best(logits)]!;
        expect(lead, `token ${index}: how far the processor has WebGPU's choice below its own`).toBeLessThanOrEqual(
          DRAW_LOGITS,
        );
      }
    });
  },
);
