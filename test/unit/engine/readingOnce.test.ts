import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AskedText, EngineSession, type TestAnswer } from '../../fixtures/engineSession.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { SeededRandom } from '../../fixtures/seededRandom.ts';
import { tinyGguf, tinyModel } from '../../fixtures/tinyGguf.ts';

const tiny = { type: 'Q8_0', contextTokens: 4_096 } as const;
const modelPath = tinyGguf(tiny);

let folder: string;
let planPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-reading-'));
  planPath = join(folder, 'plan.json');
  const plan = mixedPlan(tinyModel(tiny), { farKeys: 'int8', chunkTokens: 64, windowTokens: 96 });
  writeFileSync(planPath, JSON.stringify({ plan }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cacheFiles = () => ({ folder: join(folder, 'cache'), capBytes: 2 ** 30 });
const cachePaths = (): string[] =>
  readdirSync(join(folder, 'cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

type Policy = 'dense' | 'pod';
async function start(
  policy: Policy = 'pod',
  options: { readonly keeps?: boolean; path?: string; window?: number } = {},
) {
  const session = new EngineSession();
  await session.load({
    modelPath: options.path ?? modelPath,
    policy,
    planPath,
    cacheFiles: (options.keeps ?? true) ? cacheFiles() : null,
    ...(options.window !== undefined && { windowTokens: options.window }),
  });
  return session;
}

/** Words at random: the made-up model takes some three tokens for each. */
const words = (count: number, seed: number): string => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => ['the ', 'sea ', 'and ', 'ship ', 'rain '][random.integer(5)]).join('');
};
const text = words(300, 1);

/** The answer of an engine that has read nothing before. */
async function freshAnswer(asked: AskedText, policy: Policy = 'pod'): Promise<TestAnswer> {
  await using session = await start(policy, { keeps: false });
  return await session.ask(asked);
}

describe.each(['pod', 'dense'] as const)('the same text asked about again, under %s,', (policy) => {
  const first = { texts: [text], question: 'Who comes?', maxNewTokens: 40 };
  const second = { texts: [text], question: 'And who goes home again?', maxNewTokens: 40 };

  it('is not read again, and answered as if it were read whole', async () => {
    await using session = await start(policy, { keeps: false });
    const one = await session.ask(first);
    expect(one.reusedTokens).toBe(0);
    expect(one.readTokens).toBe(one.promptTokens);
    const two = await session.ask(second);
    expect(two.reusedTokens).toBeGreaterThan(700);
    expect(two.readTokens).toBe(two.promptTokens - two.reusedTokens);
    expect(two.readTokens).toBeLessThan(200);
    expect(two.ids).toEqual((await freshAnswer(second, policy)).ids);
    expect(two.ids.length).toBeGreaterThan(3);
    expect(two.ids).not.toEqual(one.ids);
  });

  it('is not read again after a start, and gives the same answer', async () => {
    let before: TestAnswer;
    {
      await using session = await start(policy);
      before = await session.ask(first);
    }
    expect(cachePaths()).toHaveLength(1);
    await using session = await start(policy);
    const after = await session.ask(first);
    expect(after.reusedTokens).toBeGreaterThan(700);
    expect(after.ids).toEqual(before.ids);
    expect((await session.ask(second)).ids).toEqual((await freshAnswer(second, policy)).ids);
  });
});

describe('a text', () => {
  const asked = { texts: [text], question: 'Who comes?' };

  it('gives the same answer again after an answer of 300 tokens, and after an edit that is undone', async () => {
    await using session = await start('pod', { keeps: false });
    const long = { ...asked, maxNewTokens: 300 };
    const one = await session.ask(long);
    expect(one.ids.length).toBeGreaterThan(150);
    const again = await session.ask(long);
    expect(again.ids).toEqual(one.ids);
    expect(again.reusedTokens).toBeGreaterThan(700);
    await session.ask({ ...asked, question: 'And who goes home again?' });
    expect((await session.ask(long)).ids).toEqual(one.ids);
  });

  it('that goes on where another ended is read from there', async () => {
    await using session = await start();
    await session.ask(asked);
    const longer = { texts: [text, words(200, 2)], question: 'Who?' };
    const found = await session.ask(longer);
    expect(found.reusedTokens).toBeGreaterThan(700);
    expect(found.ids).toEqual((await freshAnswer(longer)).ids);
  });

  it('is found in its file when another was read in between', async () => {
    await using session = await start();
    const before = await session.ask(asked);
    const other = await session.ask({ texts: [words(300, 3)], question: 'Who?' });
    expect(other.reusedTokens).toBeLessThan(100);
    const again = await session.ask(asked);
    expect(again.reusedTokens).toBeGreaterThan(700);
    expect(again.ids).toEqual(before.ids);
  });

  it('whose reading was stopped goes on where it stood', async () => {
    await using session = await start('pod', { keeps: false });
    const stop = new AbortController();
    const stopped = session.ask({
      ...asked,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.type === 'reading' && progress.doneTokens >= 400) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    const answer = await session.ask(asked);
    expect(answer.reusedTokens).toBeGreaterThanOrEqual(400);
    expect(answer.ids).toEqual((await freshAnswer(asked)).ids);
  });

  it('counts its snapshots among the bytes of the cache', async () => {
    await using session = await start();
    const { cache } = await session.ask(asked);
    expect(cache.snapshotBytes).toBeGreaterThan(0);
    expect(cache.cacheBytes).toBe(cache.nearBytes + cache.farKeyBytes + cache.farValueBytes + cache.snapshotBytes);
  });
});

describe('a cache file', () => {
  const asked = { texts: [text], question: 'Who comes?' };
  let before: TestAnswer;
  beforeEach(async () => {
    await using session = await start();
    before = await session.ask(asked);
  });

  it('that is damaged is made anew, and the answer is the same', async () => {
    const [path] = cachePaths();
    const bytes = readFileSync(path!);
    bytes[bytes.length - 9]! ^= 4;
    writeFileSync(path!, bytes);
    {
      await using session = await start();
      const answer = await session.ask(asked);
      expect(answer.reusedTokens).toBe(0);
      expect(answer.ids).toEqual(before.ids);
    }
    await using session = await start();
    expect((await session.ask(asked)).reusedTokens).toBeGreaterThan(700);
  });

  it('is not used by a model with other weights, under another policy or with another window', async () => {
    for (const session of [
      await start('pod', { path: tinyGguf({ ...tiny, seed: 2 }) }),
      await start('dense'),
      await start('pod', { window: 128 }),
    ]) {
      await using other = session;
      expect((await other.ask(asked)).reusedTokens).toBe(0);
    }
    expect(cachePaths()).toHaveLength(4);
  });

  it('costs nothing but a warning when the folder cannot be used', async () => {
    rmSync(join(folder, 'cache'), { recursive: true });
    writeFileSync(join(folder, 'cache'), 'a file in its place');
    await using session = await start();
    expect((await session.ask(asked)).ids).toEqual(before.ids);
  });
});
