import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CalibrationSequence } from '#engine/explore/calibrationSequences.ts';
import { collectSample } from '#engine/explore/collectSample.ts';
import { readSample } from '#engine/explore/sampleFile.ts';
import { syntheticTaps } from './syntheticTaps.ts';

const sequences: CalibrationSequence[] = [3, 4, 5].map((seed) => ({ ids: [seed], queries: [] }));
const tap = (sequence: CalibrationSequence) => Promise.resolve(syntheticTaps(sequence.ids[0]!));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxima-explore-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('collectSample', () => {
  const options = () => ({ seed: 1, folder, made: 'test', sinkTokens: 2, topKeys: 4, randomKeys: 4 });

  it('goes on where it was stopped, with the same numbers as without a stop', async () => {
    let taps = 0;
    const stopping = (sequence: CalibrationSequence) => {
      taps += 1;
      if (taps === 3) return Promise.reject(new Error('stopped'));
      return tap(sequence);
    };
    await expect(collectSample(sequences, stopping, options())).rejects.toThrow('stopped');
    const resumed = await collectSample(sequences, stopping, options());
    expect(taps).toBe(4);
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'proxima-explore-'));
    expect(resumed).toEqual(await collectSample(sequences, tap, options()));
  });

  it('does not take up what was made of something else', async () => {
    await collectSample(sequences, tap, options());
    let taps = 0;
    const counting = (sequence: CalibrationSequence) => {
      taps += 1;
      return tap(sequence);
    };
    await collectSample(sequences, counting, { ...options(), made: 'another model' });
    expect(taps).toBe(3);
  });

  it('reports how far it is', async () => {
    const seen: string[] = [];
    await collectSample(sequences, tap, {
      ...options(),
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    expect(seen).toEqual(['1/3', '2/3', '3/3']);
  });
});

describe('readSample', () => {
  it('makes again what is missing or cut', async () => {
    expect(await readSample(join(folder, 'none'), 'test')).toBeNull();
    await writeFile(
      join(folder, 'cut'),
      '{"made":"test","queries":[{"rows":10}],"shape":{"layers":1,"heads":1}}\n12345',
    );
    expect(await readSample(join(folder, 'cut'), 'test')).toBeNull();
    await writeFile(join(folder, 'other'), 'not a sample');
    expect(await readSample(join(folder, 'other'), 'test')).toBeNull();
  });
});
