import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelId } from '#shared/domain/index.ts';
import { textPdf } from '../fixtures/textPdf.ts';
import { tinyGguf } from '../fixtures/tinyGguf.ts';
import { startTestApp, type TestApp, whyNoApp } from './harness.ts';

/** What a person meets who opens what cannot be opened: a sentence, an advice, and an app that goes on. */
describe.skipIf(whyNoApp !== null)(`bad files${whyNoApp ? ` (${whyNoApp})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-bad-'));
  const place = (name: string): string => join(folder, name);
  let app: TestApp;
  let page: Page;

  beforeAll(async () => {
    const pdf = textPdf([['A page about whales.'], ['Another one.']]);
    writeFileSync(place('empty.pdf'), '');
    writeFileSync(place('truncated.pdf'), pdf.subarray(0, 200));
    copyFileSync(join(import.meta.dirname, '../fixtures/encrypted.pdf'), place('encrypted.pdf'));
    writeFileSync(place('no-book.epub'), Buffer.from('PK\u0003\u0004 and then nothing', 'latin1'));
    writeFileSync(place('fine.txt'), 'A short text about a whale.');
    const model = tinyGguf({ type: 'Q8_0' });
    copyFileSync(model, place('half.gguf'));
    truncateSync(place('half.gguf'), Math.floor(readFileSync(model).length / 2));
    app = await startTestApp();
    ({ page } = app);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const open = async (path: string): Promise<void> => {
    await page.getByLabel('Path of a PDF, EPUB, text or Markdown file').fill(path);
    await page.getByRole('button', { name: 'Open', exact: true }).last().click();
  };

  it.each([
    ['an empty file', 'empty.pdf', /empty/],
    ['a truncated PDF', 'truncated.pdf', /damaged/],
    ['a zip that is no EPUB', 'no-book.epub', /damaged|EPUB/],
    ['a file that is not there', 'none.pdf', /none\.pdf/],
  ] as const)('%s is met with a sentence and an advice', async (_, name, mention) => {
    await open(place(name));
    const notice = page.getByRole('alert');
    await notice.waitFor({ timeout: 20_000 });
    expect(await notice.locator('.notice__message').textContent()).toMatch(mention);
    expect((await notice.locator('.notice__advice').textContent())?.length).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await notice.waitFor({ state: 'detached' });
  });

  it('an encrypted PDF asks for its password, says when it is wrong, and can be left', async () => {
    await open(place('encrypted.pdf'));
    const dialog = page.getByRole('dialog');
    await dialog.waitFor({ timeout: 20_000 });
    await dialog.getByLabel('Password').fill('not this one');
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.textContent(), { timeout: 20_000 }).toMatch(/wrong|not the password|does not/i);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('a model file that is cut in half is refused, and the app goes on', async () => {
    await app.call('app.saveSettings', { model: modelId(place('half.gguf')) });
    await expect(app.call('engine.load', null)).rejects.toThrow(/model\/truncated: .*half\.gguf/);
    expect((await app.call('models.list', null)).length).toBeGreaterThan(0);
  });

  it('an empty question is refused', async () => {
    await open(place('fine.txt'));
    await page.locator('iframe').waitFor({ timeout: 20_000 });
    await page.getByLabel('Your question').fill('   ');
    expect(await page.locator('.question__send').isDisabled()).toBe(true);
    const books = await app.call('books.list', null);
    expect(books.map(({ title }) => title)).toEqual(['fine']);
  });
});
