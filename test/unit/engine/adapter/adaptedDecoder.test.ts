import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Adapter, adaptedWeights } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { createDecoder } from '#engine/decode/decoder.ts';
import { dequantize, openGguf, type WeightSource } from '#engine/gguf/index.ts';
import { stackMatrices } from '#engine/graph/weights/stackMatrices.ts';
import { describeModel, type ModelDescription } from '#engine/model/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { mixedPlan, pairedPlan } from '../../../fixtures/samplePlans.ts';
import { tinyAdapter } from '../../../fixtures/tinyAdapter.ts';
import { type TinyModelOptions, tinyGguf, tinyModel } from '../../../fixtures/tinyGguf.ts';
import { packedLinear } from '../reference/packedLinear.ts';
import { compare, expectAgreement, largestGap, relativeGap } from '../reference/readDecoder.ts';

/** As in the tests of decoder and reference: float32 sums in another order. */
const sumsTolerance = 2e-4;

const planOf = (model: ModelDescription): CachePlan => mixedPlan(model, { farValues: 'float32' });
const adapterOf = (tiny: TinyModelOptions = {}): Adapter => tinyAdapter(tinyModel(tiny));

/** `W + up @ down` in float64, row by row: what merging is by definition. */
function merged(weights: WeightSource, name: string, { updates }: Adapter): Float64Array {
  const { type, shape, elements } = weights.tensors.get(name)!;
  const columns = shape[0]!;
  const values = Float64Array.from(dequantize(type, weights.readTensor(name), elements));
  const update = updates.get(name);
  if (!update) return values;
  const { rank, down, up } = update;
  return values.map((value, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return Array.from({ length: rank }, (_, r) => up[row * rank + r]! * down[r * columns + column]!).reduce(
      (sum, part) => sum + part,
      value,
    );
  });
}

/** Writes a made-up model whose file itself holds the changed weights. */
async function changedGguf(tiny: TinyModelOptions, adapter: Adapter): Promise<string> {
  const path = tinyGguf(tiny);
  const gguf = await openGguf(path);
  const bytes = readFileSync(path);
  for (const name of adapter.updates.keys()) {
    const values = Float32Array.from(merged(gguf, name, adapter));
    bytes.set(new Uint8Array(values.buffer), gguf.tensors.get(name)!.fileOffset);
  }
  gguf.close();
  writeFileSync(path, bytes);
  return path;
}

describe('weights with an adapter', () => {
  it.each([1, 8, 11])(
    'are the product added, whole and by rows, and the file’s own elsewhere: rank %i',
    async (rank) => {
      const tiny = { type: 'Q4_1' } as const;
      const gguf = await openGguf(tinyGguf(tiny));
      const adapter = tinyAdapter(tinyModel(tiny), { rank });
      const weights = adaptedWeights(gguf, adapter);
      for (const name of adapter.updates.keys()) {
        const [columns, rows] = weights.tensors.get(name)!.shape as [number, number];
        expect(weights.tensors.get(name)!.type).toBe('F32');
        const found = dequantize('F32', weights.readTensor(name), rows * columns);
        const wanted = merged(gguf, name, adapter);
        expect(Math.max(...wanted.map((value, at) => Math.abs(value - found[at]!)))).toBeLessThan(1e-6);
        const some = dequantize('F32', weights.readRows(name, 5, 3), 3 * columns);
        expect(some).toEqual(found.slice(5 * columns, 8 * columns));
      }
      const other = 'blk.0.attn_k.weight';
      expect(weights.tensors.get(other)).toEqual(gguf.tensors.get(other));
      expect(weights.readTensor(other)).toEqual(gguf.readTensor(other));
      expect(weights.readRows(other, 2, 4)).toEqual(gguf.readRows(other, 2, 4));
      expect(adaptedWeights(gguf, null)).toBe(gguf);
      gguf.close();
    },
  );

  it.each(['Q4_1', 'Q8_0', 'F32'] as const)('stack with the others at 8 bits, whichever changed: %s', async (type) => {
    const gguf = await openGguf(tinyGguf({ type }));
    const adapter = adapterOf({ type });
    for (const layer of [0, 1, 2]) {
      const names = ['q', 'k', 'v'].map((part) => `blk.${layer}.attn_${part}.weight`);
      const stacked = stackMatrices(adaptedWeights(gguf, adapter), names);
      expect(stacked).toMatchObject({ rows: 128, columns: 64, bits: 8, blockElements: 32, residues: null });
      const wanted = Float64Array.from(names.flatMap((name) => [...merged(gguf, name, adapter)]));
      const found = wanted.map((_, at) => {
        const block = Math.floor(at / 32);
        return stacked.scales[block]! * (stacked.quantised[at]! - (stacked.zeroPoints?.[block] ?? 128));
      });
      expect(relativeGap([found], [wanted])).toBeLessThan(8e-3);
    }
    gguf.close();
  });
});

describe('a decoder with an adapter', () => {
  it.each([
    { architecture: 'llama', type: 'F32' },
    { architecture: 'llama', type: 'Q4_1' },
    { architecture: 'qwen2', type: 'Q8_0' },
    { architecture: 'gemma3', type: 'F32' },
  ] as const)('agrees with the reference at every tap: $architecture, $type', async (tiny) => {
    const adapter = adapterOf(tiny);
    const planOfAny = tiny.architecture === 'gemma3' ? pairedPlan : planOf;
    const adapted = await compare(tiny, { planOf: planOfAny, taps: 'all', adapter });
    expectAgreement(adapted, sumsTolerance);
    const plain = await compare(tiny, { planOf: planOfAny });
    expect(largestGap(adapted.decoder.logits, plain.decoder.logits)).toBeGreaterThan(0.1);
  });

  it('computes what a file with the changed weights computes', async () => {
    const adapter = adapterOf();
    const file = await openGguf(await changedGguf({}, adapter));
    for (const precision of ['float32', 'packed'] as const) {
      const adapted = await compare({}, { planOf, precision, adapter });
      const changed = await compare({}, { planOf, precision, alter: (_, model) => ({ gguf: file, model }) });
      expect(relativeGap(adapted.decoder.logits, changed.decoder.logits)).toBeLessThan(
        precision === 'packed' ? 0.03 : 1e-4,
      );
      expect(largestGap(adapted.reference.logits, changed.reference.logits)).toBeLessThan(1e-4);
    }
    file.close();
  });

  it.each(['Q8_0', 'Q4_1'] as const)('rounds changed weights to 8 bits as it does floats: %s', async (type) => {
    const matrices = ['q', 'k', 'v', 'output'].flatMap((part) => [0, 3].map((at) => `blk.${at}.attn_${part}.weight`));
    const adapter = tinyAdapter(tinyModel({ type }), { matrices });
    const options = { planOf, adapter, precision: 'packed', taps: 'all' } as const;
    const { decoder, reference } = await compare({ type }, { ...options, linear: packedLinear });
    for (const name of ['layers.0.q', 'layers.0.k', 'layers.0.v', 'layers.0.attended']) {
      expect(largestGap(decoder.taps.get(name)!, reference.taps.get(name)!), name).toBeLessThan(sumsTolerance);
    }
    expect(relativeGap(decoder.logits, reference.logits)).toBeLessThan(0.03);
  });

  it('is not made for a plan that names another adapter, or none, or without the one it names', async () => {
    const gguf = await openGguf(tinyGguf());
    const model = describeModel(gguf);
    const adapter = adapterOf();
    const named = makePlan('pod', model, { adapter: { sha256: 'a'.repeat(64) } });
    const cases: [CachePlan, Adapter | null][] = [
      [named, adapter],
      [named, null],
      [makePlan('pod', model), adapter],
      [makePlan('dense', model, { adapter: { sha256: adapter.sha256 } }), adapter],
    ];
    for (const [plan, given] of cases) {
      await expect(createDecoder({ gguf, model, plan, adapter: given })).rejects.toMatchObject({
        code: 'engine/internal',
        message: expect.stringContaining(plan.id) as string,
      });
    }
    gguf.close();
  });
});
