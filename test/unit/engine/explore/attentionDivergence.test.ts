import { describe, expect, it } from 'vitest';
import { attentionDivergence } from '#engine/explore/attentionDivergence.ts';
import { syntheticSample } from './syntheticSample.ts';

describe('attentionDivergence', () => {
  it('is 0 for the same attention, whatever the scale of its sum, and 1 bit for attention to other keys', async () => {
    const shifted = await attentionDivergence(syntheticSample((z) => z.map((value) => value + 3)));
    for (const bits of shifted[0]![1]!) expect(bits).toBeCloseTo(0, 5);
    const sample = syntheticSample(() => [0, 0, 0], { queries: 1, rows: 2 });
    sample.logits[0]!.set([0, 0, 0, -80, -80, -80]);
    sample.logits[1]!.set([-80, 0, 0, 0, 0, 0]);
    const [other, half] = (await attentionDivergence(sample))[0]![1]!;
    expect(other).toBeCloseTo(1, 6);
    // All on one key against half on each of two: 3/4 log 4/3 + 1/4 log 2 + ... = 0.311 bits.
    expect(half).toBeCloseTo(
      0.5 * Math.log2(1 / 0.75) + 0.25 * Math.log2(0.5 / 0.75) + 0.25 * Math.log2(0.5 / 0.25),
      6,
    );
  });

  it('counts a row for all keys it stands for', async () => {
    const sample = syntheticSample(() => [0, 0, 0], { queries: 1, rows: 2 });
    sample.logits[0]!.set([0, 0, 0, -80, -80, -80]);
    sample.rowWeights[1] = 3;
    // One key of four against a quarter on each.
    const mean = 0.625;
    const expected = 0.5 * Math.log2(1 / mean) + 0.125 * Math.log2(0.25 / mean) + 0.375 * Math.log2(0.25 / 0.125);
    expect((await attentionDivergence(sample))[0]![1]![0]).toBeCloseTo(expected, 6);
  });

  it('has numbers above the diagonal only, tells how far it is, and stops', async () => {
    const sample = syntheticSample((z) => [...z]);
    const seen: string[] = [];
    const table = await attentionDivergence(sample, { onProgress: (done, total) => seen.push(`${done}/${total}`) });
    expect([table[0]![0], table[1]![0], table[1]![1]]).toEqual([null, null, null]);
    expect(seen).toEqual(['1/3', '2/3', '3/3']);
    await expect(attentionDivergence(sample, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});
