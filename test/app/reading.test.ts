import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelId } from '#shared/domain/index.ts';
import { realModel } from '../fixtures/realModels.ts';
import { textPdf } from '../fixtures/textPdf.ts';
import { startTestApp, type TestApp, whyNoApp } from './harness.ts';

const FACT = 'Marta Quill keeps the lamp of the lighthouse at Cape Verity.';
const filler = (topic: string): string[] =>
  Array.from({ length: 24 }, (_, index) => `Note ${index + 1} on ${topic}: the day was calm and nothing was recorded.`);
const PAGES = [
  ['A Harbour Register', 'Compiled from the books of the harbour office.', ...filler('the harbour')],
  ['Ships', 'The largest ship of the harbour is the Adelaide, a barque of three masts.', ...filler('ships')],
  ['The lighthouse', FACT, 'She has done so since the great storm of 1871.', ...filler('the lighthouse')],
  ['Tides', 'The tide at the cape rises by four metres in spring.', ...filler('tides')],
];
const TITLES = ['Foreword', 'Ships', 'Lighthouse', 'Tides'];

const model = realModel('default') ? 'default' : realModel('quick') ? 'quick' : null;
const why = whyNoApp ?? (model === null ? 'no model is on this machine' : null);

/** The main job, as a person does it: open a PDF, ask, follow the evidence, look at the map. */
describe.skipIf(why !== null)(`reading and asking${why ? ` (${why})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-book-'));
  const path = join(folder, 'harbour.pdf');
  let app: TestApp;
  let page: Page;

  const bookFrame = (): Frame => {
    const frame = page.frames().find((each) => each !== page.mainFrame());
    if (!frame) throw new Error('There is no book frame.');
    return frame;
  };

  beforeAll(async () => {
    writeFileSync(path, textPdf(PAGES, TITLES));
    app = await startTestApp();
    ({ page } = app);
    await page.setViewportSize({ width: 1360, height: 860 });
    await app.call('app.saveSettings', { model: modelId(model ?? ''), theme: 'system' });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.reload();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('opens a PDF by its path and paints the first page', async () => {
    await page.getByLabel('Path of a PDF, EPUB, text or Markdown file').fill(path);
    await page.getByRole('button', { name: 'Open', exact: true }).last().click();
    await page.locator('iframe').waitFor();
    const text = () => bookFrame().locator('.textLayer').first().textContent();
    await expect.poll(text, { timeout: 20_000 }).toContain('A Harbour Register');
  });

  it('shows the book in a process of its own, with a real worker', async () => {
    expect(await bookFrame().evaluate(() => origin)).toBe('null');
    // Chromium gives a line of its own only to a frame in another process than its page's.
    await expect(page.context().newCDPSession(bookFrame())).resolves.toBeDefined();
    expect(page.workers().map((worker) => worker.url())).toContainEqual(expect.stringMatching(/^blob:/));
  });

  it('streams an answer with its evidence', async () => {
    await page.getByLabel('Whole book').check();
    await page.getByLabel('Your question').fill('Who keeps the lamp of the lighthouse at Cape Verity?');
    const ask = page.getByRole('button', { name: 'Ask', exact: true });
    await expect.poll(() => ask.isEnabled(), { timeout: 180_000 }).toBe(true);
    await ask.click();

    const growing = page.locator('.answer--growing');
    await growing.waitFor({ timeout: 120_000 });
    const early = (await growing.textContent()) ?? '';
    await page.locator('.turn:not(.turn--active) .evidence__item').first().waitFor({ timeout: 180_000 });
    const whole = (await page.locator('.turn .answer').last().textContent()) ?? '';
    expect(whole.length).toBeGreaterThan(early.length);
    if (model === 'default') expect(whole).toContain('Quill');
    await app.screenshot('answer-light');
  });

  it('lands on the marked sentence of an evidence link', async () => {
    const evidence = page.locator('.evidence__item', { hasText: 'Marta Quill' }).first();
    await evidence.click();
    await expect.poll(() => bookFrame().locator('.mark.current').count(), { timeout: 10_000 }).toBeGreaterThan(0);
    const sentence = await bookFrame().locator('.textLayer span', { hasText: 'Marta Quill' }).first().boundingBox();
    const middle = sentence!.y + sentence!.height / 2;
    const marks = await Promise.all(
      (await bookFrame().locator('.mark.current').all()).map((mark) => mark.boundingBox()),
    );
    expect(marks.some((mark) => mark!.y <= middle && middle <= mark!.y + mark!.height)).toBe(true);
    expect(sentence!.y).toBeLessThan(860);
    await app.screenshot('evidence-light');
  });

  it('opens the map of the answer, light and dark', async () => {
    await page.locator('.turn__map').first().click();
    await page.locator('section.map canvas').waitFor();
    await app.screenshot('map-light');
    // Without motion, so that no colour is caught half way to the other.
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await app.screenshot('map-dark');
  });

  it('breaks no rule of its content security policy', () => {
    expect(app.complaints.filter((text) => /content security policy/i.test(text))).toEqual([]);
    expect(app.complaints).toEqual([]);
  });

  it('keeps library and conversation when the process of the book frame dies', async () => {
    const frame = await page.context().newCDPSession(bookFrame());
    const crash = page.waitForEvent('crash');
    // Is never answered: who would answer is dead.
    void frame.send('Page.crash').catch(() => undefined);
    await crash;
    await app.reconnect();
    ({ page } = app);
    const reload = page.getByRole('button', { name: 'Reload' }).first();
    await reload.waitFor({ timeout: 30_000 });
    expect(await page.locator('.turn').count()).toBe(1);
    expect(await app.call('books.list', null)).toHaveLength(1);
    await app.screenshot('frame-lost');
    await reload.click();
    await expect.poll(() => bookFrame().locator('.textLayer').first().textContent(), { timeout: 20_000 }).toBeTruthy();
  });
});
