import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openGguf } from '#engine/gguf/index.ts';
import {
  architectures,
  describeModel,
  estimateMemory,
  expectedTensors,
  type ModelDescription,
} from '#engine/model/index.ts';
import { type TinyModelOptions, tinyGguf, tinyModel } from '../../../fixtures/tinyGguf.ts';
import { encodeGguf, type WrittenValue } from '../../../fixtures/writeGguf.ts';

describe('describeModel', () => {
  it.each(['llama', 'qwen2', 'qwen3', 'gemma3', 'phi3'] as const)(
    'reads back how a %s model was made',
    async (architecture) => {
      const gguf = await openGguf(tinyGguf({ architecture, layers: 3 }));
      expect(describeModel(gguf)).toEqual(tinyModel({ architecture, layers: 3 }));
      gguf.close();
    },
  );

  it('takes the head size from the width where the file does not state it', async () => {
    const gguf = await openGguf(tinyGguf({}));
    const metadata = new Map(gguf.metadata);
    metadata.delete('llama.attention.key_length');
    metadata.delete('llama.attention.value_length');
    metadata.delete('llama.rope.dimension_count');
    expect(describeModel({ ...gguf, metadata, tensors: gguf.tensors, path: 'x' })).toMatchObject({
      headDim: 16,
      ropeDims: 16,
    });
    gguf.close();
  });

  describe('of stretched contexts', () => {
    const read = async (
      metadata: Readonly<Record<string, WrittenValue>>,
      tiny: TinyModelOptions = {},
    ): Promise<ModelDescription> => {
      const gguf = await openGguf(tinyGguf({ ...tiny, metadata }));
      try {
        return describeModel(gguf);
      } finally {
        gguf.close();
      }
    };
    const text = (value: string): WrittenValue => ({ kind: 'string', value });
    const float = (value: number): WrittenValue => ({ kind: 'float32', value });
    const count = (value: number): WrittenValue => ({ kind: 'uint32', value });

    it('takes a factor without a kind for linear, and none for none', async () => {
      expect((await read({ 'llama.rope.scaling.factor': float(8) })).rope).toMatchObject({ scale: 1 / 8, yarn: null });
      const none = { 'llama.rope.scaling.type': text('none'), 'llama.rope.scaling.factor': float(8) };
      expect((await read(none)).rope).toMatchObject({ scale: 1, magnitude: 1 });
    });

    it('reads YaRN with the magnitude that its factor asks for', async () => {
      const { rope } = await read({
        'llama.rope.scaling.type': text('yarn'),
        'llama.rope.scaling.factor': float(4),
        'llama.rope.scaling.original_context_length': count(128),
        'llama.rope.scaling.yarn_beta_fast': float(16),
      });
      expect(rope).toEqual({
        base: 10_000,
        scale: 1 / 4,
        yarn: { originalContextTokens: 128, betaFast: 16, betaSlow: 1 },
        factors: null,
        magnitude: 1 + 0.1 * Math.log(4),
      });
    });

    it('takes the long factors of LongRoPE only where the context passes the original one', async () => {
      const tiny: TinyModelOptions = { architecture: 'phi3', rope: { factors: 'rope_factors_long.weight' } };
      expect((await read({}, tiny)).rope.factors).toBe('rope_factors_long.weight');
      const original = { 'phi3.rope.scaling.original_context_length': count(512) };
      expect((await read(original, tiny)).rope.factors).toBeNull();
    });

    it('names a way of stretching that is not known', async () => {
      await expect(read({ 'llama.rope.scaling.type': text('spiral') })).rejects.toThrow(/"spiral"; linear, yarn/);
    });
  });

  describe('of sliding layers', () => {
    const sliding = async (tiny: TinyModelOptions, windowTokens: number) => {
      const key = `${tiny.architecture}.attention.sliding_window`;
      const gguf = await openGguf(tinyGguf({ ...tiny, metadata: { [key]: { kind: 'uint32', value: windowTokens } } }));
      const { sliding: found, slidingRope } = describeModel(gguf);
      gguf.close();
      return { layers: found?.layers, windowTokens: found?.windowTokens, base: slidingRope?.base };
    };

    it('gives gemma3 five to one and their own angles, where the file states but a window', async () => {
      const gguf = await openGguf(tinyGguf({ architecture: 'gemma3', layers: 7 }));
      const metadata = new Map(gguf.metadata);
      metadata.delete('gemma3.attention.sliding_window_pattern');
      const model = describeModel({ ...gguf, metadata, tensors: gguf.tensors, path: 'x' });
      expect(model.sliding).toEqual({ windowTokens: 12, layers: [0, 1, 2, 3, 4, 6] });
      metadata.set('gemma3.attention.sliding_window_pattern', [true, false, true, true, false, false, false]);
      const listed = describeModel({ ...gguf, metadata, tensors: gguf.tensors, path: 'x' });
      expect(listed.sliding?.layers).toEqual([0, 2, 3]);
      expect([model.rope.base, model.slidingRope?.base]).toEqual([1_000_000, 10_000]);
      gguf.close();
    });

    it('slides all of phi3, unless its window covers the context', async () => {
      expect(await sliding({ architecture: 'phi3' }, 100)).toEqual({
        layers: [0, 1, 2, 3],
        windowTokens: 100,
        base: 10_000,
      });
      expect((await sliding({ architecture: 'phi3' }, 512)).layers).toBeUndefined();
    });

    it('keeps the angles of sliding layers apart even where their window covers the context', async () => {
      expect(await sliding({ architecture: 'gemma3' }, 512)).toEqual({
        layers: [0, 2],
        windowTokens: 512,
        base: 10_000,
      });
    });

    it('leaves a window out in families that were not trained with one', async () => {
      expect((await sliding({ architecture: 'llama' }, 100)).layers).toBeUndefined();
    });
  });

  it('scales the queries of Gemma 3 27B by the width of a head in the stream', () => {
    const sizes = { layers: 62, heads: 32, headDim: 128, hiddenSize: 5376 };
    expect(architectures.gemma3.queryScale(sizes)).toBeCloseTo((5376 / 32) ** -0.5, 12);
    expect(architectures.gemma3.queryScale({ ...sizes, layers: 48 })).toBeCloseTo(128 ** -0.5, 12);
  });

  it('refuses logits that are capped', async () => {
    const metadata = { 'gemma3.final_logit_softcapping': { kind: 'float32', value: 30 } } as const;
    const gguf = await openGguf(tinyGguf({ architecture: 'gemma3', metadata }));
    expect(() => describeModel(gguf)).toThrow(/caps its logits/);
    gguf.close();
  });

  it('names an architecture that it does not run', async () => {
    const path = tinyGguf({});
    writeFileSync(
      path,
      encodeGguf({
        metadata: { 'general.architecture': { kind: 'string', value: 'mamba' } },
        tensors: [{ name: 'x', type: 'F32', shape: [1], bytes: new Uint8Array(4) }],
      }),
    );
    const gguf = await openGguf(path);
    expect(() => describeModel(gguf)).toThrow(
      expect.objectContaining({
        code: 'model/unsupported',
        message: expect.stringContaining('"mamba"') as string,
      }) as Error,
    );
    gguf.close();
  });

  it('names a tensor that is missing, and one of the wrong shape', async () => {
    const gguf = await openGguf(tinyGguf({}));
    const without = new Map(gguf.tensors);
    without.delete('blk.2.ffn_up.weight');
    const damaged = (tensors: typeof without) => () =>
      describeModel({ ...gguf, metadata: gguf.metadata, path: 'x', tensors });
    expect(damaged(without)).toThrow(/no tensor "blk\.2\.ffn_up\.weight"/);
    const bent = new Map(gguf.tensors).set('blk.0.attn_k.weight', {
      ...gguf.tensors.get('blk.0.attn_k.weight')!,
      shape: [64, 64],
    });
    expect(damaged(bent)).toThrow(/\[64, 64\], and \[64, 32\] is needed/);
    gguf.close();
  });
});

describe('estimateMemory', () => {
  it('counts cache and weights from the header alone', async () => {
    const gguf = await openGguf(tinyGguf({ type: 'Q8_0' }));
    const model = describeModel(gguf);
    const estimate = estimateMemory(gguf, model);
    // 4 layers x 2 KV heads x 16 dimensions x keys and values x 4 bytes
    expect(estimate.denseBytesPerToken).toBe(4 * 2 * 16 * 2 * 4);
    expect(estimate.denseFp16BytesPerToken).toBe(estimate.denseBytesPerToken / 2);
    expect(estimate.weightBytes).toBe(
      expectedTensors(model).reduce((sum, { name }) => sum + gguf.tensors.get(name)!.byteLength, 0),
    );
    expect(estimate.int8WeightBytes).toBeGreaterThan(estimate.weightBytes);
    gguf.close();
  });

  it('counts no growth for layers that slide', async () => {
    const gguf = await openGguf(tinyGguf({ architecture: 'gemma3' }));
    // 2 of 4 layers see everything.
    expect(estimateMemory(gguf, describeModel(gguf)).denseBytesPerToken).toBe(2 * 2 * 16 * 2 * 4);
    gguf.close();
  });
});
