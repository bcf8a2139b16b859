import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { createDecoder, type Decoder } from '#engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { measureText } from '../../../eval/running/measureText.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';
import { tinyIds } from '../../fixtures/tinyIds.ts';

let gguf: GgufFile;
let decoder: Decoder;

beforeAll(async () => {
  gguf = await openGguf(tinyGguf());
  const model = describeModel(gguf);
  const plan = makePlan('pod+select', model, mixedPlan(model, { chunkTokens: 16, windowTokens: 16 }));
  decoder = await createDecoder({ gguf, model, plan });
});
afterAll(async () => {
  await decoder.dispose();
  gguf.close();
});

it('writes the tokens before written ones, reads all others, and scores each position of a span', async () => {
  const ids = tinyIds(64);
  const sequence = decoder.startSequence();
  const [step, prefill] = [vi.spyOn(sequence, 'step'), vi.spyOn(sequence, 'prefill')];
  const watched: Decoder = { ...decoder, startSequence: () => sequence };
  const [measured] = await measureText(
    [watched],
    ids,
    [
      [10, 14],
      [30, 40],
    ],
    { written: [[30, 40]] },
  );
  // The token at 29 is the first that is written: what it is followed by is the first written position.
  expect(step.mock.calls.map(([id]) => id)).toEqual(ids.slice(29, 39));
  expect(prefill.mock.calls.flatMap(([read]) => read)).toEqual([...ids.slice(0, 29), ...ids.slice(39)]);
  expect([...measured!.scores.keys()]).toEqual([10, 11, 12, 13, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
});
