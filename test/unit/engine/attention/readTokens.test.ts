import { expect, it } from 'vitest';
import { AttentionRecord } from '#engine/attention/attentionRecord.ts';
import { createDecoder } from '#engine/decode/decoder.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';

it('a decoder that selects pages leaves columns unread for written words, and none for the first', async () => {
  const gguf = await openGguf(tinyGguf({}));
  const model = describeModel(gguf);
  const plan = selecting(mixedPlan(model, { farKeys: 'int8' }), 8);
  const decoder = await createDecoder({ gguf, model, plan, precision: 'float32', threads: 1 });
  const sequence = decoder.startSequence();
  const ids = Array.from({ length: 60 }, (_, index) => 1 + ((index * 37) % 90));
  const record = new AttentionRecord(plan, ids.length);
  record.add('first', (await sequence.prefill(ids)).attention);
  record.add('second', (await sequence.step(7)).attention);
  await decoder.dispose();
  gguf.close();

  const [first, second] = [0, 1].map((answerToken) =>
    record.tile({ answerToken, distantColumns: 256, pooling: 'max' }),
  );
  expect(first!.unread).not.toContain(1);
  expect([...first!.distantRead]).toEqual(new Array(model.layers).fill(first!.distantTokens));

  // One of the two KV heads of layer 3 reads the pages of its leader, the other pages of its own.
  expect([...second!.distantRead.subarray(0, 3)]).toEqual([8, 8, 8]);
  expect(second!.distantRead[3]).toBeGreaterThanOrEqual(8);
  expect(second!.distantRead[3]).toBeLessThanOrEqual(16);
  const { bands } = record.describe();
  bands.forEach(({ layers }, band) => {
    const flags = second!.unread.subarray(band * second!.distantColumns, (band + 1) * second!.distantColumns);
    const read = flags.filter((flag) => flag === 0).length;
    // What a band read is at least what each of its layers did.
    for (const layer of layers) expect(read).toBeGreaterThanOrEqual(second!.distantRead[layer]!);
    expect(read).toBeLessThan(second!.distantTokens);
  });
  second!.unread.forEach((flag, cell) => expect(flag === 1 && second!.distant[cell]! > 0).toBe(false));
});
