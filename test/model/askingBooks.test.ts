import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { NumberedAnswerEvent } from '#shared/domain/index.ts';
import { modelsFolder, realModel } from '../fixtures/realModels.ts';

const root = join(import.meta.dirname, '../..');
const guide = join(root, 'resources/welcome.md');
const novel = join(root, '../shared/data/books/pride-and-prejudice.epub');
const home = mkdtempSync(join(tmpdir(), 'proxima-asking-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function ask(file: string, question: string): Promise<readonly NumberedAnswerEvent[]> {
  const args = [join(root, 'src/cli/index.ts'), 'ask', file, question, '--json'];
  const env = { ...process.env, PROXIMA_HOME: home, PROXIMA_MODELS: modelsFolder() };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, maxBuffer: 2 ** 26 }, (error, out, err) => {
      if (error) reject(new Error(err, { cause: error }));
      else
        resolve(
          out
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as NumberedAnswerEvent),
        );
    });
  });
}

function ended(events: readonly NumberedAnswerEvent[]): Extract<NumberedAnswerEvent, { type: 'finished' }> {
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error(`The answer ended with ${JSON.stringify(last)}.`);
  return last;
}

describe.skipIf(realModel('default') === null)('with the default model', () => {
  test('the welcome guide explains how memory is saved, with evidence', async () => {
    const events = await ask(guide, 'How does Proxima save memory?');
    expect(ended(events)).toMatchObject({ notFound: false, unsupportedWords: [] });
    // What a small model says differs by machine and plan; that the right passage stands under it does not.
    const quoted = events.flatMap((event) =>
      event.type === 'cited' && event.evidence.kind === 'quoted' ? [event.evidence.label] : [],
    );
    expect(quoted.some((label) => label.startsWith('How Proxima saves memory'))).toBe(true);
  });

  test('what the guide does not tell is not found', async () => {
    expect(ended(await ask(guide, 'Who is the president of France?')).notFound).toBe(true);
  });

  describe.skipIf(!existsSync(novel))('about a novel (skipped where ../shared/data is absent)', () => {
    test('who Mr. Collins is, from passages that are named', async () => {
      const events = await ask(novel, 'Who is Mr. Collins?');
      expect(events[0]).toMatchObject({ type: 'started', reading: 'picked' });
      expect(ended(events).notFound).toBe(false);
      const cited = events.flatMap((event) => (event.type === 'cited' ? [event.evidence] : []));
      expect(cited.map(({ anchor }) => anchor.place.format)).toContain('epub');
    });

    test('who commands the submarine is not found', async () => {
      const finished = ended(await ask(novel, 'Who commands the submarine?'));
      expect(finished.notFound).toBe(true);
      expect(finished.text).toContain('“submarine” does not occur anywhere in this text.');
    });
  });
});
