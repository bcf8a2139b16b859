import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/engine/cache/index.ts';
import { type GgufFile, openGguf } from '../../../../src/engine/gguf/index.ts';
import { describeModel, type ModelDescription, tensorNames } from '../../../../src/engine/model/index.ts';
import { referenceForward } from '../../../../src/engine/reference/index.ts';
import { type CachePlan, type KvHeadPlan, layerIndex } from '../../../../src/shared/domain/index.ts';
import { mixedPlan } from '../../../fixtures/samplePlans.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { compare, ids, largestGap } from './readDecoder.ts';

let gguf: GgufFile;
let model: ModelDescription;
beforeAll(async () => {
  gguf = await openGguf(tinyGguf());
  model = describeModel(gguf);
});
afterAll(() => gguf.close());

const dense = (): CachePlan => makePlan('dense', model, {});

/** Layer 1 follows layer 0 with one mix for every query head; all other layers keep their keys. */
function followingPlan(of: ModelDescription, mix: readonly number[]): CachePlan {
  const follower: KvHeadPlan = {
    kind: 'follower',
    leader: layerIndex(0),
    mix: Array.from({ length: of.heads / of.kvHeads }, () => mix),
  };
  const layers = Array.from({ length: of.layers }, (_, layer) => ({
    layer: layerIndex(layer),
    kvHeads: Array.from({ length: of.kvHeads }, (): KvHeadPlan => (layer === 1 ? follower : { kind: 'own' })),
  }));
  return makePlan('pod', of, { layers, sinkTokens: 2, windowTokens: 8, chunkTokens: 8, farValues: 'float32' });
}

/** The last of 45 tokens lies in the block from 40, so tokens 2 to 31 are distant to it. */
const distantToLast = { start: 2, end: 32 };

describe('referenceForward', () => {
  it('lets no token see a later one', () => {
    const whole = referenceForward(gguf, model, mixedPlan(model), ids);
    const part = referenceForward(gguf, model, mixedPlan(model), ids.slice(0, 20));
    expect(largestGap(part.logits, whole.logits.slice(0, 20))).toBe(0);
  });

  it('spreads one softmax over near and distant: each row of weights adds up to 1', () => {
    const { attention } = referenceForward(gguf, model, mixedPlan(model), ids);
    for (const [layer, rows] of attention.entries()) {
      for (const [position, row] of rows.entries()) {
        expect(row, `layer ${layer}`).toHaveLength(position + 1);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    }
  });

  it('gives all distant tokens of a follower one weight when its mix is only a bias', () => {
    const flat = followingPlan(model, [...new Array<number>(model.heads).fill(0), 0.5]);
    const { attention } = referenceForward(gguf, model, flat, ids);
    const { start, end } = distantToLast;
    const distant = attention[1]!.at(-1)!.subarray(start, end);
    for (const weight of distant) expect(weight).toBeCloseTo(distant[0]!, 12);
    const near = [attention[1]!.at(-1)![start - 1], attention[1]!.at(-1)![end]];
    for (const weight of near) expect(Math.abs(weight! - distant[0]!)).toBeGreaterThan(1e-6);
    expect(new Set(attention[0]!.at(-1)!.subarray(start, end)).size).toBe(end - start);
  });

  it("weighs distant tokens e to the bias times as much, and among each other as the leader's", async () => {
    const file = await openGguf(tinyGguf({ heads: 1, kvHeads: 1 }));
    const single = describeModel(file);
    const last = (mix: readonly number[], layer: number): Float64Array =>
      referenceForward(file, single, followingPlan(single, mix), ids).attention[layer]!.at(-1)!;
    const distant = (row: Float64Array): number =>
      row.subarray(distantToLast.start, distantToLast.end).reduce((a, b) => a + b);
    const odds = (row: Float64Array): number => distant(row) / (1 - distant(row));
    const plain = last([1, 0], 1);
    expect(odds(last([1, 0.7], 1)) / odds(plain)).toBeCloseTo(Math.exp(0.7), 10);

    const leader = last([1, 0], 0);
    for (let at = distantToLast.start; at < distantToLast.end; at++) {
      expect(plain[at]! / distant(plain)).toBeCloseTo(leader[at]! / distant(leader), 12);
    }
    file.close();
  });

  it('leaves the token at position 0 unturned', () => {
    const shifted = { ...model, rope: { ...model.rope, base: 3 } };
    const { taps } = referenceForward(gguf, model, dense(), ids.slice(0, 2));
    const other = referenceForward(gguf, shifted, dense(), ids.slice(0, 2)).taps;
    const first = (of: typeof taps) => [of.get('layers.0.q')![0]!];
    const second = (of: typeof taps) => [of.get('layers.0.q')![1]!];
    expect(largestGap(first(taps), first(other))).toBe(0);
    expect(largestGap(second(taps), second(other))).toBeGreaterThan(0.01);
  });

  it('divides rotary frequencies by the factors of the file, as the decoder does', async () => {
    const planOf = (of: ModelDescription): CachePlan => makePlan('dense', of, { chunkTokens: 16 });
    const factors = Float32Array.from({ length: model.ropeDims / 2 }, (_, pair) => 1 + pair);
    const alter = (file: GgufFile, description: ModelDescription) => ({
      gguf: withTensor(file, tensorNames.ropeFactors, factors),
      model: { ...description, rope: { ...description.rope, factors: tensorNames.ropeFactors } },
    });
    const { decoder, reference } = await compare({}, { planOf, alter });
    expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(2e-4);
    const plain = referenceForward(gguf, model, dense(), ids);
    expect(largestGap(reference.logits, plain.logits)).toBeGreaterThan(0.01);
  });
});

/** The same file with one more F32 tensor of one row. */
function withTensor(file: GgufFile, name: string, values: Float32Array): GgufFile {
  const elements = values.length;
  const tensor = { name, type: 'F32' as const, shape: [elements], elements, byteLength: 4 * elements, fileOffset: 0 };
  return {
    path: file.path,
    fileBytes: file.fileBytes,
    version: file.version,
    metadata: file.metadata,
    tensors: new Map([...file.tensors, [name, tensor]]),
    readTensor: (wanted) => (wanted === name ? new Uint8Array(values.buffer) : file.readTensor(wanted)),
    readRows: (...row) => file.readRows(...row),
    close: () => file.close(),
  };
}
