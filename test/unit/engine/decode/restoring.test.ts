import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CacheFolder } from '#engine/cache/files/index.ts';
import { makePlan, SequenceCache } from '#engine/cache/index.ts';
import type { Decoder } from '#engine/decode/decoder.ts';
import type { ModelDescription } from '#engine/model/index.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { tinyDecoders } from '../../../fixtures/tinyDecoders.ts';
import { tinyIds } from '../../../fixtures/tinyIds.ts';

const load = tinyDecoders();
const folder = mkdtempSync(join(tmpdir(), 'proxima-restoring-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ids = tinyIds(61);

/** Reads from where the cache stands to the end of `tokens`, then writes 12 more; every logit there is. */
async function logitsFrom(decoder: Decoder, cache: SequenceCache, tokens: readonly number[]): Promise<number[]> {
  const sequence = decoder.startSequence(cache);
  const all: number[] = [];
  let { logits } = await sequence.prefill(tokens.slice(cache.tokens));
  for (let count = 0; count < 12; count++) {
    all.push(...logits);
    ({ logits } = await sequence.step(logits.indexOf(Math.max(...logits))));
  }
  return all;
}

describe.each([
  ['dense', (model: ModelDescription) => makePlan('dense', model, { chunkTokens: 8 })],
  ['pod, shared logits', (model: ModelDescription) => mixedPlan(model)],
  ['pod, shared int8 keys', (model: ModelDescription) => mixedPlan(model, { share: 'keys', farKeys: 'int8' })],
  ['pod, whole at first', (model: ModelDescription) => mixedPlan(model, { wholeTokens: 16 })],
  ['pod, int4 values', (model: ModelDescription) => mixedPlan(model, { farValues: 'int4' })],
  ['pod+select', (model: ModelDescription) => selecting(mixedPlan(model, { farKeys: 'int8' }), 8)],
  ['pod, a window that is no multiple of a block', (model: ModelDescription) => mixedPlan(model, { windowTokens: 5 })],
  [
    'pod+select, older near rows packed',
    (model: ModelDescription) => selecting(mixedPlan(model, { windowTokens: 16, floatTokens: 8, farKeys: 'int8' }), 8),
  ],
  [
    'pod, int4 values, older near rows packed',
    (model: ModelDescription) =>
      mixedPlan(model, { windowTokens: 13, farKeys: 'int8', floatTokens: 5, farValues: 'int4' }),
  ],
  [
    'streaming',
    (model: ModelDescription) => makePlan('streaming', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 }),
  ],
] as const)('reading on from a restored cache: %s', (name, planOf) => {
  it('gives the logits of reading in one go, bit for bit', async () => {
    // Packed weights, as people run them: there the size of a chunk decides how activations are rounded.
    const { decoder } = await load({ type: 'Q8_0' }, planOf, { precision: 'packed' });
    const whole = await logitsFrom(decoder, new SequenceCache(decoder.plan), ids);

    const cache = new SequenceCache(decoder.plan);
    await decoder.startSequence(cache).prefill(ids, {
      onChunk: () => {
        if ([24, 40].includes(cache.tokens)) cache.snapshot();
      },
    });
    const key = { model: 'm', plan: name };
    const opened = await CacheFolder.open({ folder, capBytes: 2 ** 30, key, plan: decoder.plan });
    await opened.save(Int32Array.from(ids.slice(0, 40)), cache);

    // In memory, after 12 tokens were written past the prompt.
    await logitsFrom(decoder, cache, [...ids, 5]);
    for (const position of [40, 24]) {
      cache.rewind(cache.rewindPoint(position));
      expect(cache.tokens).toBe(position);
      expect(await logitsFrom(decoder, cache, ids)).toEqual(whole);
    }

    const found = (await opened.find(ids))!;
    expect(found.reusedTokens).toBe(40);
    const loaded = (await opened.load(found, ids.length))!;
    expect(await logitsFrom(decoder, loaded, ids)).toEqual(whole);
  });
});
