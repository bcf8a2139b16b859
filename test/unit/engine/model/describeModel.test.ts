import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openGguf } from '#engine/gguf/index.ts';
import { describeModel, estimateMemory, expectedTensors } from '#engine/model/index.ts';
import { tinyGguf, tinyModel } from '../../../fixtures/tinyGguf.ts';
import { encodeGguf } from '../../../fixtures/writeGguf.ts';

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
});
