import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlan, distantKeysDropped, readPlanFile } from '#engine/cache/index.ts';
import {
  type ExploreOptions,
  type ExploreProgress,
  exploreModel,
  type PlanDocument,
  writePlanFile,
} from '#engine/explore/index.ts';
import { type GgufFile, openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { type TinyModelOptions, tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { calibrationProse } from './calibrationProse.ts';

const opened: GgufFile[] = [];
afterAll(() => opened.forEach((gguf) => gguf.close()));

/** A made-up model that reads made-up prose; one token is about one letter. */
async function tinySource(options: TinyModelOptions, sentences = 60) {
  const gguf = await openGguf(tinyGguf({ contextTokens: 2_500, ...options }));
  opened.push(gguf);
  const tokenizer = new Tokenizer(gguf);
  const texts = [{ title: 'prose.txt', ids: tokenizer.encode(calibrationProse(sentences), 'plain') }];
  return { gguf, model: describeModel(gguf), tokenizer, texts };
}

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(join(tmpdir(), 'proxima-explore-'));
});
afterEach(() => rmSync(workFolder, { recursive: true }));

const options = (more: Partial<ExploreOptions> = {}): ExploreOptions => ({
  wish: { leaders: 2 },
  windowTokens: 512,
  command: 'explore',
  workFolder,
  sequences: 1,
  ...more,
});

const followersOf = ({ plan }: PlanDocument): [number, number][] =>
  plan.layers.flatMap(({ layer, kvHeads }) =>
    kvHeads.flatMap((head): [number, number][] => (head.kind === 'follower' ? [[layer, head.leader]] : [])),
  );

describe('exploreModel', { timeout: 60_000 }, () => {
  it('makes a plan that the engine takes, with what it was chosen by', async () => {
    const source = await tinySource({});
    const document = await exploreModel(source, options());
    expect(document.made).toMatchObject({ command: 'explore', texts: ['prose.txt'], seed: 1 });
    expect(document.made.figures['leaders']).toHaveLength(2);
    expect(document.model).toEqual({ name: 'tiny llama', fingerprint: await sampledModelDigest(source.gguf) });
    expect(followersOf(document)).toHaveLength(4);
    const path = join(workFolder, 'plans', 'tiny.json');
    await writePlanFile(path, document);
    const { plan } = await readPlanFile(path, source.model);
    expect(plan).toEqual(document.plan);
    expect(plan.windowTokens).toBe(512);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);

    const { layers, queries, errors, divergence, savings } = document.matrices;
    expect(queries).toEqual({ prose: 8, copy: 8, retrieval: 16 });
    expect(layers).toEqual([0, 1, 2, 3]);
    for (const kind of ['prose', 'copy', 'retrieval'] as const) {
      expect(errors[kind].map((row) => row.map((error) => error !== null))).toEqual([
        [false, true, true, true],
        [false, false, true, true],
        [false, false, false, true],
        [false, false, false, false],
      ]);
      // Random layers attend to nothing alike, so that following must cost.
      expect(errors[kind][0]![1]).toBeGreaterThan(0.001);
    }
    expect(divergence[0]![3]).toHaveLength(4);
    expect(savings.map(({ keysDropped }) => keysDropped)).toEqual([0.25, 0.375, 0.5, 0.625, 0.75]);
  });

  it('finds the plan for a wished saving', async () => {
    const document = await exploreModel(await tinySource({}), options({ wish: { saving: 0.6 } }));
    expect(distantKeysDropped(document.plan)).toBe(5 / 8);
    expect(document.made.figures['keysDropped']).toBe(0.625);
    const { chosen, savings } = document.matrices;
    expect(savings).toContainEqual(chosen);
  });

  it('shares only among layers that see the whole text', async () => {
    const source = await tinySource({ architecture: 'gemma3', layers: 6 });
    const document = await exploreModel(source, options({ wish: { leaders: 1 } }));
    expect(document.matrices.layers).toEqual([1, 3, 5]);
    expect(document.matrices.errors.prose).toHaveLength(3);
    // Two KV heads each in layers 3 and 5 follow layer 1.
    expect(followersOf(document)).toEqual([
      [3, 1],
      [3, 1],
      [5, 1],
      [5, 1],
    ]);
    expect(document.made.figures['leaders']).toEqual([1]);
    expect(distantKeysDropped(document.plan)).toBeCloseTo(2 / 3, 12);
    checkPlan(document.plan);
  });

  it('goes on where it was stopped, with the same plan as without a stop', async () => {
    const source = await tinySource({});
    const stop = new AbortController();
    const onProgress = ({ step, done, total }: ExploreProgress): void => {
      // In the middle of the second text.
      if (step === 'reading' && done > total * 0.7) stop.abort();
    };
    await expect(exploreModel(source, options({ signal: stop.signal, onProgress }))).rejects.toThrow(/abort/i);
    const [folder] = readdirSync(workFolder);
    expect(folder).toBe(await sampledModelDigest(source.gguf));
    const files = readdirSync(join(workFolder, folder!));
    expect(files).toEqual(['sequence-0.sample']);
    const kept = join(workFolder, folder!, files[0]!);
    const { mtimeMs } = statSync(kept);

    const resumed = await exploreModel(source, options());
    expect(statSync(kept).mtimeMs).toBe(mtimeMs);
    const fresh = mkdtempSync(join(tmpdir(), 'proxima-explore-'));
    expect(resumed).toEqual(await exploreModel(source, options({ workFolder: fresh })));
    rmSync(fresh, { recursive: true });
  });

  it('measures nothing again for another wish', async () => {
    const source = await tinySource({});
    await exploreModel(source, options());
    const steps: ExploreProgress[] = [];
    const onProgress = (progress: ExploreProgress): void => void steps.push(progress);
    const document = await exploreModel(source, options({ wish: { leaders: 3 }, onProgress }));
    expect(document.made.figures['leaders']).toHaveLength(3);
    const measured = steps.filter(({ step }) => step !== 'comparing');
    expect(measured.filter(({ done, total }) => done === total)).toHaveLength(2);
    expect(measured.every(({ remainingMs }) => remainingMs === null)).toBe(true);
  });

  it('says what is missing: text, context, or layers to share among', async () => {
    const few = await tinySource({}, 10);
    await expect(exploreModel(few, options())).rejects.toMatchObject({
      code: 'input/invalid',
      message: expect.stringContaining('1,536 at least') as string,
    });
    await expect(exploreModel(await tinySource({ contextTokens: 512 }), options())).rejects.toThrow(
      'at most 512 tokens',
    );
    const sliding = await tinySource({ architecture: 'phi3', windowTokens: 64 });
    await expect(exploreModel(sliding, options())).rejects.toThrow('0 of the 4 layers');
    await expect(exploreModel(await tinySource({}), options({ wish: { leaders: 9 } }))).rejects.toMatchObject({
      message: '9 leaders cannot be placed in 4 layers.',
      advice: 'Ask for 1 to 4 leaders.',
    });
  });
});
