import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogitSample } from '#engine/explore/logitSample.ts';
import { PairFiles } from '#engine/explore/pairFiles.ts';
import { fitPairs } from '#engine/explore/pairTable.ts';
import { syntheticSample } from './syntheticSample.ts';

/** Four layers: the two of the synthetic sample, twice. */
function sampleOfFour(): LogitSample {
  const sample = syntheticSample((z, random) => z.map((value) => value + random()));
  return {
    ...sample,
    shape: { ...sample.shape, layers: 4 },
    logits: [...sample.logits, ...sample.logits],
    nearLogSumExp: [...sample.nearLogSumExp, ...sample.nearLogSumExp],
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-pairs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('fitPairs', () => {
  const sample = sampleOfFour();

  it('fits followers in reach of a leader below them', async () => {
    const { fits } = await fitPairs(sample, { longestBlock: 3 });
    const fitted = fits.map((row) => row.flatMap((pair, follower) => (pair ? [follower] : [])));
    expect(fitted).toEqual([[1, 2], [2, 3], [3], []]);
  });

  it('goes on where it was stopped, with the same numbers to the last bit', async () => {
    const stop = new AbortController();
    const files = new PairFiles(folder, 'a sample');
    const stopped = fitPairs(sample, { files, signal: stop.signal, onProgress: (done) => done === 2 && stop.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(readdirSync(folder)).toHaveLength(2);
    const isNew: boolean[] = [];
    const resumed = await fitPairs(sample, { files, onProgress: (_, __, fresh) => isNew.push(fresh) });
    expect(isNew).toEqual([false, false, true, true, true, true]);
    expect(resumed).toEqual(await fitPairs(sample));
  });

  it('fits again what was fitted to something else, or is damaged', async () => {
    await fitPairs(sample, { files: new PairFiles(folder, 'another sample') });
    writeFileSync(join(folder, 'pair-0-1.json'), '{"made":');
    const isNew: boolean[] = [];
    const files = new PairFiles(folder, 'a sample');
    await fitPairs(sample, { files, onProgress: (_, __, fresh) => isNew.push(fresh) });
    expect(isNew).toEqual([true, true, true, true, true, true]);
  });
});
