import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type FidelityFile, readFidelity } from '#models/index.ts';
import { measuredPoints } from '../../../eval/reporting/measuredPoints.ts';
import { fidelityPath, writeFidelity } from '../../../eval/reporting/writeFidelity.ts';
import { evalResults, WAVER_NATS } from '../../fixtures/evalResults.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-publish-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pointOf = (policy: string, results = evalResults) =>
  measuredPoints(results).find((point) => point.policy === policy);

describe('what is published of results', () => {
  it('is one point for each policy of the settings, and none for the other rows', () => {
    expect(measuredPoints(evalResults).map(({ policy }) => policy)).toEqual(['pod+select', 'pod', 'pod+int4', 'dense']);
  });

  it('names the plan, the latest day, the length of the texts, and the memory without snapshots', () => {
    expect(pointOf('pod+select')).toMatchObject({
      planId: 'pod+select-1',
      day: '2026-11-29',
      textTokens: 2_048,
      cacheShare: 0.54,
      loss: { copyTextTokens: 3_072 },
    });
  });

  it('is the mean difference from dense with an interval over pairs, read, written and copied apart', () => {
    const { read, written, copied } = pointOf('pod+select')!.loss!;
    expect(read).toMatchObject({ nats: 0.01, items: 16 });
    expect(written).toMatchObject({ nats: 0.02, items: 16 });
    expect(copied).toMatchObject({ nats: 0.03, items: 8 });
    for (const { nats, low, high } of [read, written, copied]) {
      expect(low).toBeLessThan(nats);
      expect(high).toBeGreaterThan(nats);
      expect(high - low).toBeLessThan(2 * WAVER_NATS);
    }
  });

  it('holds no loss of dense, which the others are held against', () => {
    expect(pointOf('dense')).toEqual({
      policy: 'dense',
      planId: 'dense',
      day: '2026-11-29',
      textTokens: 2_048,
      cacheShare: 2,
    });
  });

  it.each(['prose', 'copy'])('leaves out a policy whose %s was not measured', (task) => {
    const results = evalResults.filter((result) => result.row !== 'pod' || result.task !== task);
    expect(measuredPoints(results).map(({ policy }) => policy)).toEqual(['pod+select', 'pod+int4', 'dense']);
  });
});

describe('the published file', () => {
  const file: FidelityFile = {
    made: { book: 'novel.epub', budget: 'quick' },
    model: { name: 'quick', fingerprint: 'ab'.repeat(32) },
    points: measuredPoints(evalResults),
  };
  const path = join(folder, 'deep', 'quick.json');
  afterEach(() => rmSync(join(folder, 'deep'), { recursive: true, force: true }));

  it('is what the app reads', async () => {
    writeFidelity(path, file);
    expect(await readFidelity([join(folder, 'deep')])).toEqual([{ model: file.model, points: file.points }]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file);
  });

  it('is not written without anything to tell, and one that is there is kept', () => {
    const points = measuredPoints(evalResults.filter(({ row }) => row === 'dense'));
    expect(() => writeFidelity(path, { ...file, points })).toThrow('nothing to publish');
    expect(existsSync(path)).toBe(false);
    writeFidelity(path, file);
    expect(() => writeFidelity(path, { ...file, points: [] })).toThrow('nothing to publish');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file);
  });

  it('keeps what was measured of other policies of the same model, book and budget, and nothing else', () => {
    writeFidelity(path, file);
    const again = file.points
      .filter(({ policy }) => policy === 'dense' || policy === 'pod+select')
      .map((point) => ({ ...point, day: '2026-12-01' }));
    writeFidelity(path, { ...file, points: again });
    const days = () =>
      (JSON.parse(readFileSync(path, 'utf8')) as FidelityFile).points.map(({ policy, day }) => `${policy} ${day}`);
    expect(days()).toEqual(['pod+select 2026-12-01', 'pod 2026-11-29', 'pod+int4 2026-11-29', 'dense 2026-12-01']);
    writeFidelity(path, { ...file, made: { ...file.made, budget: 'other' }, points: again });
    expect(days()).toEqual(['pod+select 2026-12-01', 'dense 2026-12-01']);
  });

  it('takes the place of a damaged one', () => {
    writeFidelity(path, file);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -40));
    writeFidelity(path, file);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(file);
  });

  it('lies in the product for models it ships plans for, else in the data folder', () => {
    expect(fidelityPath('quick', 'ab')).toBe(join('resources', 'fidelity', 'quick.json'));
    expect(fidelityPath('other.gguf', 'ab')).toMatch(/fidelity[/\\]ab\.json$/u);
    expect(fidelityPath('other.gguf', 'ab')).not.toContain('resources');
  });
});
