import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineSession, type TestAnswer } from '../fixtures/engineSession.ts';
import { realModel } from '../fixtures/realModels.ts';

const LONG_TOKENS = 300;

/** The quick model under its shipped plan, through the whole engine. Times are in docs/performance.md. */
describe.skipIf(realModel('quick') === null)('a text read once (skipped without the model)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-once-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const texts = [readFileSync('resources/welcome.md', 'utf8')];
  const first = { texts, question: 'What is this guide about?', maxNewTokens: LONG_TOKENS };
  const second = { texts, question: 'Which files can be opened here, and how does a person ask?', maxNewTokens: 48 };

  async function start(keeps: boolean): Promise<EngineSession> {
    const session = new EngineSession();
    const cacheFiles = keeps ? { folder, capBytes: 2 ** 30 } : null;
    await session.load({
      modelPath: realModel('quick')!,
      policy: 'pod',
      planPath: 'resources/plans/quick.json',
      cacheFiles,
    });
    return session;
  }

  let freshFirst: TestAnswer;
  let freshSecond: TestAnswer;
  beforeAll(async () => {
    {
      await using session = await start(false);
      freshFirst = await session.ask(first);
    }
    await using session = await start(false);
    freshSecond = await session.ask(second);
  });

  it('gives the same answers again, token for token: after 300 tokens, and after an edit that is undone', async () => {
    expect(freshFirst.newTokens).toBeGreaterThan(100);
    await using session = await start(true);
    expect((await session.ask(first)).reusedTokens).toBe(0);
    const again = await session.ask(first);
    expect(again.ids).toEqual(freshFirst.ids);
    expect(again.reusedTokens).toBeGreaterThan(again.promptTokens - 256);
    const edited = await session.ask(second);
    expect(edited.ids).toEqual(freshSecond.ids);
    expect(edited.readTokens).toBeLessThan(256);
    expect((await session.ask(first)).ids).toEqual(freshFirst.ids);
  });

  it('is taken from its file after a start, and gives the same answers', async () => {
    await using session = await start(true);
    const after = await session.ask(second);
    expect(after.reusedTokens).toBeGreaterThan(after.promptTokens - 256);
    expect(after.ids).toEqual(freshSecond.ids);
    expect((await session.ask(first)).ids).toEqual(freshFirst.ids);
  });
});
