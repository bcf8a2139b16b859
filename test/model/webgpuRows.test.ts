import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SequenceCache } from '#engine/cache/sequenceCache.ts';
import { createDecoder, type Decoder, type DecoderOptions } from '#engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { createSession, type SessionFactory } from '#engine/runtime/ort.ts';
import { mixedPlan } from '../fixtures/samplePlans.ts';
import { softwareGpu } from '../fixtures/softwareGpu.ts';
import { tinyGguf } from '../fixtures/tinyGguf.ts';

const hasGpu = await softwareGpu();
/** Products are rounded otherwise on a device, and rows of int8 by a whole step now and then. */
const TOLERANCE = 0.02;
const BLOCK = 16;
const ids = Array.from({ length: 400 }, (_, index) => 1 + ((index * 37) % 90));

describe.skipIf(!hasGpu)('rows in the memory of WebGPU (skipped without a software graphics driver)', () => {
  const open: GgufFile[] = [];
  const decoders: Decoder[] = [];
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const decoder of decoders.splice(0)) await decoder.dispose();
    for (const gguf of open.splice(0)) gguf.close();
  });

  async function load(options: Pick<DecoderOptions, 'device' | 'createSession'>): Promise<Decoder> {
    const gguf = await openGguf(tinyGguf());
    open.push(gguf);
    const model = describeModel(gguf);
    const plan = mixedPlan(model, { farKeys: 'int8', chunkTokens: BLOCK, windowTokens: BLOCK });
    const decoder = await createDecoder({ gguf, model, plan, precision: 'float32', ...options });
    decoders.push(decoder);
    return decoder;
  }

  /** Reads, writes into the next blocks, goes back, writes something else; another text in between. */
  async function numbersOf(decoder: Decoder): Promise<Float32Array[]> {
    const numbers: Float32Array[] = [];
    const cache = new SequenceCache(decoder.plan);
    const write = async (from: number, to: number): Promise<void> => {
      const sequence = decoder.startSequence(cache);
      for (const id of ids.slice(from, to)) {
        const { logits, attention } = await sequence.step(id);
        numbers.push(logits.slice(), attention.near, attention.distant);
      }
    };
    await decoder.startSequence(cache).prefill(ids.slice(0, 4 * BLOCK));
    cache.snapshot();
    await write(64, 64 + 2 * BLOCK + 3);
    cache.rewind(4 * BLOCK);
    await write(200, 205);
    numbers.push((await decoder.startSequence().prefill(ids.slice(300, 350))).logits.slice());
    await write(205, 208);
    return numbers;
  }

  function expectClose(found: readonly Float32Array[], expected: readonly Float32Array[]): void {
    expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
    const gaps = found.map((row, index) => row.map((value, at) => Math.abs(value - expected[index]![at]!)));
    expect(Math.max(...gaps.flatMap((row) => [...row]))).toBeLessThan(TOLERANCE);
  }

  it('give what the processor gives, as blocks fold and after going back', async () => {
    const expected = await numbersOf(await load({}));
    const gpu = await load({ device: 'webgpu' });
    expectClose(await numbersOf(gpu), expected);
    expect(gpu.device).toBe('webgpu');
  });

  /** Bytes that sessions are fed from the host. */
  function countUploads(): { bytes: number } {
    const uploads = { bytes: 0 };
    const create: (model: Uint8Array, options?: InferenceSession.SessionOptions) => Promise<InferenceSession> =
      InferenceSession.create.bind(InferenceSession);
    vi.spyOn(InferenceSession, 'create').mockImplementation(async (model: unknown, options: unknown) => {
      const session = await create(model as Uint8Array, options as InferenceSession.SessionOptions);
      const run = session.run.bind(session) as (
        feeds: InferenceSession.FeedsType,
        fetches?: never,
      ) => ReturnType<InferenceSession['run']>;
      return Object.assign(session, {
        run: (feeds: Readonly<Record<string, Tensor>>, ...rest: never[]) => {
          for (const tensor of Object.values(feeds)) {
            if (tensor.location === 'cpu') uploads.bytes += (tensor.data as Float32Array).byteLength;
          }
          return run(feeds, ...rest);
        },
      });
    });
    return uploads;
  }

  it('are uploaded once: a token costs the same bytes after 40 tokens and after 400', async () => {
    const uploads = countUploads();
    const sequence = (await load({ device: 'webgpu' })).startSequence();
    const costs: number[] = [];
    for (const end of [3 * BLOCK, 24 * BLOCK]) {
      await sequence.prefill(ids.slice(sequence.tokens, end));
      // The first token of a block makes another one distant.
      for (const id of [3, 5]) {
        uploads.bytes = 0;
        await sequence.step(id);
        costs.push(uploads.bytes);
      }
    }
    const [fold, token, laterFold, laterToken] = costs;
    expect(laterToken).toBe(token);
    expect(laterFold).toBe(fold);
    const { plan } = decoders[0]!;
    const tokenRows = plan.shape.layers * 2 * plan.shape.kvHeads * plan.shape.headDim * 4;
    expect(token).toBeGreaterThan(tokenRows);
    expect(token).toBeLessThan(2 * tokenRows);
    expect(sequence.report().cacheBytes).toBeGreaterThan(30 * token!);
  });

  it('are those of the host when the device fails in the midst of a text', async () => {
    const expected = await numbersOf(await load({}));
    let runsLeft = 60;
    const failing: SessionFactory = async (model, options) => {
      const session = await createSession(model, options);
      if (options.device !== 'webgpu') return session;
      return {
        ...session,
        run: (feeds, fetches) =>
          runsLeft-- > 0 ? session.run(feeds, fetches) : Promise.reject(new Error('Device is lost.')),
      };
    };
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const decoder = await load({ device: 'webgpu', createSession: failing });
    expectClose(await numbersOf(decoder), expected);
    expect(decoder.device).toBe('cpu');
  });
});
