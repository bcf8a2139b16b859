import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { textPdf } from '../../fixtures/textPdf.ts';
import { encodeTinyGguf } from '../../fixtures/tinyGguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the real command line in a process of its own, with a data folder of its own and no models. */
function proxima(...args: string[]): Promise<Run> {
  const env = { ...process.env, PROXIMA_HOME: join(folder, 'home'), PROXIMA_MODELS: join(folder, 'models') };
  const script = join(import.meta.dirname, '../../../src/cli/index.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

const halfOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));
const encryptedPdf = join(import.meta.dirname, '../../fixtures/encrypted.pdf');
const text = file('fine.txt', 'A short text about a whale.');
const tiny = file('tiny.gguf', encodeTinyGguf({ contextTokens: 4_096 }));
const short = file('short.gguf', encodeTinyGguf({ contextTokens: 512 }));

describe.concurrent('bad input ends with a code that is not 0 and one clear line', () => {
  test.for([
    ['a file that is not there', ['inspect', join(folder, 'none.pdf')], 'none.pdf'],
    ['an empty file', ['ask', file('empty.pdf', ''), 'Who?'], 'empty'],
    ['a PDF that is none', ['inspect', file('bad.pdf', '%PDF-1.7\nnothing more')], 'This PDF is damaged'],
    ['a PDF that is cut', ['inspect', file('cut.pdf', textPdf([['A page.']]).subarray(0, 200))], 'damaged'],
    ['an encrypted PDF', ['ask', encryptedPdf, 'Who?'], 'password'],
    ['a zip that is no EPUB', ['inspect', file('bad.epub', 'PK\u0003\u0004 and then nothing')], 'damaged'],
    ['an empty question', ['ask', text, '  '], 'The question is empty.'],
    ['a model that is not here', ['ask', text, 'Who?'], 'not on this machine yet'],
    ['an unknown model', ['ask', text, 'Who?', '--model', 'none'], '"none"'],
    ['a model file that is none', ['ask', text, 'Who?', '--model', file('half.gguf', 'GGUF')], 'half.gguf'],
    [
      'a model file that is cut',
      ['ask', text, 'Who?', '--model', file('cut.gguf', halfOf(encodeTinyGguf()))],
      'cut.gguf',
    ],
    ['an unknown policy', ['ask', text, 'Who?', '--policy', 'lossy'], '"lossy" is no cache policy'],
    ['an unknown device', ['complete', '--prompt', 'Who?', '--device', 'tpu'], '"tpu" is no device'],
    ['pages that are not there', ['ask', text, 'Who?', '--pages', '7-9'], '"7-9"'],
    ['an unknown model to fetch', ['models', 'fetch', 'none'], '"none"'],
    ['no count of tokens', ['complete', '--prompt', 'x', '--tokens', 'many'], '"many"'],
    ['exploring without a text', ['explore', '--model', tiny], 'at least, and 12,288 are better'],
    [
      'exploring with a text that is not there',
      ['explore', '--model', tiny, '--text', join(folder, 'no.txt')],
      'no.txt',
    ],
    ['a saving of everything', ['explore', '--model', tiny, '--saving', '1'], '--saving is "1"'],
    ['a saving and a number of leaders', ['explore', '--model', tiny, '--saving', '0.5', '--leaders', '2'], 'Both'],
    [
      'heads to protect beside a saving',
      ['explore', '--model', tiny, '--saving', '0.5', '--protect', '2'],
      '--protect',
    ],
    ['no number of leaders', ['explore', '--model', tiny, '--leaders', ''], '--leaders is ""'],
    ['a model too short to share', ['explore', '--model', short, '--text', text], 'reads at most 512 tokens'],
  ] as const)('%s', { timeout: 60_000 }, async ([, args, mention], { expect: expectHere }) => {
    const { code, err } = await proxima(...args);
    expectHere(code).toBe(1);
    expectHere(err).toContain(mention);
    expectHere(err.trim().split('\n')).toHaveLength(1);
    expectHere(err).not.toMatch(/^\s+at /m);
  });
});

test('with --json a failure is an event, too', { timeout: 60_000 }, async () => {
  const { code, out } = await proxima('ask', text, '', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ type: 'failed', error: { code: 'input/empty' } });
});

test('the library still works after bad input', { timeout: 60_000 }, async () => {
  const { code, out } = await proxima('inspect', text, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ format: 'text', characters: 27, tokens: null, pages: null });
});
