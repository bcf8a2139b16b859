import { describe, expect, it } from 'vitest';
import { makePlan, planBytes } from '../../../../src/engine/cache/index.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import { referenceForward } from '../../../../src/engine/reference/index.ts';
import { type CachePlan, layerIndex } from '../../../../src/shared/domain/index.ts';
import { tinyDecoders } from '../../../fixtures/tinyDecoders.ts';
import type { TinyModelOptions } from '../../../fixtures/tinyGguf.ts';
import { tinyIds } from '../../../fixtures/tinyIds.ts';
import { weightsByPosition } from '../../../fixtures/weightsByPosition.ts';

const load = tinyDecoders();
const ids = tinyIds(45);
const near = { sinkTokens: 2, windowTokens: 8, chunkTokens: 8, farKeys: 'float32', farValues: 'int8' } as const;

const models: [string, TinyModelOptions][] = [
  ['every second layer sliding', { architecture: 'gemma3' }],
  ['all layers sliding', { architecture: 'phi3', windowTokens: 10 }],
];
const plans: [string, (model: ModelDescription) => CachePlan][] = [
  ['dense', (model) => makePlan('dense', model, { chunkTokens: 8 })],
  ['pod', (model) => makePlan('pod', model, near)],
  [
    'pod, older near rows packed',
    (model) => makePlan('pod', model, { ...near, farKeys: 'int8', windowTokens: 16, floatTokens: 8 }),
  ],
];
const cases = models.flatMap(([name, tiny]) => plans.map(([plan, planOf]) => ({ name, tiny, plan, planOf })));

describe('a model with sliding layers', () => {
  it.each(cases)('tells what each layer attended to, by position: $name, $plan', async ({ tiny, planOf }) => {
    const { gguf, model, plan, decoder } = await load(tiny, planOf);
    for (const length of [1, 9, 16, 45]) {
      const { attention } = await decoder.startSequence().prefill(ids.slice(0, length));
      const expected = referenceForward(gguf, model, plan, ids.slice(0, length)).attention;
      for (let layer = 0; layer < model.layers; layer++) {
        const found = weightsByPosition(attention, layer, length);
        const gaps = found.map((weight, at) => Math.abs(weight - expected[layer]!.at(-1)![at]!));
        expect(Math.max(...gaps), `${length} tokens, layer ${layer}`).toBeLessThan(2e-3);
      }
    }
  });

  it.each(cases)('allocates what its plan says: $name, $plan', async ({ tiny, planOf }) => {
    const { plan, decoder } = await load(tiny, planOf);
    const sequence = decoder.startSequence();
    await sequence.prefill(ids);
    expect(sequence.report()).toEqual(planBytes(plan, ids.length));
  });

  it('really drops what no layer sees, read in one go or written token by token', async () => {
    const { plan, decoder } = await load({ architecture: 'phi3', windowTokens: 10 }, (of) =>
      makePlan('dense', of, { chunkTokens: 8 }),
    );
    const long = tinyIds(200);
    const read = decoder.startSequence();
    await read.prefill(long);
    expect(read.report().cacheBytes).toBe(planBytes(plan, 200).cacheBytes);
    const written = decoder.startSequence();
    for (const id of long) await written.step(id);
    // A store that is not told the length begins with one row and grows by 64, which is room enough for good.
    expect(written.report().cacheBytes).toBe((planBytes(plan, 200).cacheBytes / (10 - 1 + 8)) * (1 + 64));
  });

  it('keeps no more than window and block of sliding layers, however long the text', async () => {
    const { model, plan } = await load({ architecture: 'phi3', windowTokens: 10 }, (of) => makePlan('dense', of));
    const { kvHeads, headDim, layers } = model;
    const rowBytes = 2 * layers * kvHeads * headDim * 4;
    expect(planBytes(plan, 100).cacheBytes).toBe(rowBytes * 100);
    expect(planBytes(plan, 100_000).cacheBytes).toBe(rowBytes * (10 - 1 + plan.chunkTokens));
    // The dense cache that others are measured against needs no more either.
    expect(planBytes(plan, 100_000).denseBytes).toBe(rowBytes * 10);
  });

  it('shares keys among the layers that see the whole text only', async () => {
    const { model } = await load({ architecture: 'gemma3' }, (of) => makePlan('dense', of));
    const mix = Array.from({ length: 2 }, () => [1, 0, 0, 0, 0]);
    const following = (follower: number, leader: number) => () =>
      makePlan('pod', model, {
        layers: Array.from({ length: model.layers }, (_, layer) => ({
          layer: layerIndex(layer),
          kvHeads: Array.from({ length: model.kvHeads }, () =>
            layer === follower
              ? { kind: 'follower' as const, leader: layerIndex(leader), mix }
              : { kind: 'own' as const },
          ),
        })),
      });
    expect(following(3, 1)).not.toThrow();
    expect(following(2, 1)).toThrow(/layer 2 sees only its window/);
    expect(following(3, 2)).toThrow(/follows layer 2, which sees only its window/);
  });
});
