import { describe, expect, it } from 'vitest';
import { AttentionRecord } from '#engine/attention/attentionRecord.ts';
import { makePlan } from '#engine/cache/index.ts';
import type { Decoder } from '#engine/decode/decoder.ts';
import type { ModelDescription } from '#engine/model/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { mixedPlan } from '../../../fixtures/samplePlans.ts';
import { tinyDecoders } from '../../../fixtures/tinyDecoders.ts';
import { tinyIds } from '../../../fixtures/tinyIds.ts';

const load = tinyDecoders();
const streaming = (model: ModelDescription): CachePlan =>
  makePlan('streaming', model, { sinkTokens: 2, windowTokens: 8, chunkTokens: 8 });

/**
 * A layer hands on what it saw, so that four layers with windows of at most 16 tokens reach back 64: the needle
 * lies beyond.
 */
const ids = tinyIds(120);
const NEEDLE = 20;

async function lastLogits(decoder: Decoder, text: readonly number[]): Promise<number[]> {
  const sequence = decoder.startSequence();
  await sequence.prefill(text.slice(0, -1));
  return [...(await sequence.step(text.at(-1)!)).logits];
}

const changed = (at: number): number[] => ids.map((id, index) => (index === at ? (id + 7) % 60 : id));

describe('streaming', () => {
  it('loses what lies outside its window, which sharing keeps', async () => {
    const { decoder } = await load({}, streaming);
    expect(await lastLogits(decoder, changed(NEEDLE))).toEqual(await lastLogits(decoder, ids));
    const { decoder: sharing } = await load({}, (model) => mixedPlan(model));
    expect(await lastLogits(sharing, changed(NEEDLE))).not.toEqual(await lastLogits(sharing, ids));
  });

  it.each([0, 116])('sees its sinks and its window: token %i', async (at) => {
    const { decoder } = await load({}, streaming);
    expect(await lastLogits(decoder, changed(at))).not.toEqual(await lastLogits(decoder, ids));
  });

  it('keeps its bytes as a text grows, and counts what it dropped', async () => {
    const { decoder } = await load({}, streaming);
    const sequence = decoder.startSequence();
    await sequence.prefill(ids.slice(0, 60));
    const before = sequence.report();
    await sequence.prefill(ids.slice(60));
    const after = sequence.report();
    expect(after.cacheBytes).toBe(before.cacheBytes);
    expect(after).toMatchObject({ tokens: 120, distantTokens: 0, farKeyBytes: 0, farValueBytes: 0 });
    expect(after.nearTokens + after.droppedTokens!).toBe(120);
    expect(after.distantKeysDropped).toBe(1);
  });

  it('has a map on which dropped tokens were not read', async () => {
    const { decoder, model, plan } = await load({}, streaming);
    const record = new AttentionRecord(plan, ids.length);
    record.add('first', (await decoder.startSequence().prefill(ids)).attention);
    const tile = record.tile({ answerToken: 0, distantColumns: 256, pooling: 'sum' });
    expect(tile.distantTokens).toBeGreaterThan(80);
    expect([...tile.distantRead]).toEqual(new Array(model.layers).fill(0));
    expect(tile.unread.every((flag) => flag === 1)).toBe(true);
    expect(tile.distant.every((cell) => cell === 0)).toBe(true);
    expect(record.attended([[NEEDLE, NEEDLE + 10]])).toEqual([0]);
  });
});
