import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '#host/findBrowser.ts';
import { GalleryServer } from './galleryServer.ts';

const found = findBrowser();
const browserPath = found && 'path' in found ? found.path : null;
if (!browserPath) process.stdout.write('Skipped: the window states need an installed Chromium; none was found.\n');

const SCENES = [
  ...['shelf', 'empty', 'open-failed', 'contents', 'search', 'ask-restored', 'ask-reading', 'ask-streaming'],
  ...['ask-finished', 'ask-failed', 'ask-whole', 'map', 'map-table', 'map-unread', 'map-unread-table'],
  ...['no-model', 'fetching', 'loading', 'engine-failed', 'model'],
  ...['settings', 'settings-unmeasured', 'settings-no-plan', 'settings-no-model'],
] as const;

/** The dark theme changes colours only, so the scenes that show all of them stand for the rest. */
const DARK_SCENES = [
  'shelf',
  'search',
  'ask-restored',
  'ask-finished',
  'map-unread',
  'fetching',
  'engine-failed',
  'settings',
  'model',
];

/** Every state of the window, built, under the policy the product sends. The main process is a fake. */
describe.skipIf(!browserPath)('the window', () => {
  const server = new GalleryServer();
  let browser: Browser;

  beforeAll(async () => {
    await server.build();
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      chromiumSandbox: process.getuid?.() !== 0,
    });
  });
  afterAll(async () => {
    await browser.close();
    server.dispose();
  });

  /**
   * Opens a scene and gathers what the browser refused or threw. On a busy machine a frame may ask for its files
   * before requests are intercepted there, and its host has no address: the scene is opened anew then.
   */
  async function show(
    context: BrowserContext,
    scene: string,
    attempts = 3,
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${server.origin}/#${scene}`);
    await page.waitForSelector('html[data-gallery-ready]');
    if (attempts > 1 && complaints.some((text) => text.includes('ERR_NAME_NOT_RESOLVED'))) {
      await page.close();
      return show(context, scene, attempts - 1);
    }
    return { page, complaints };
  }

  async function contextOf(colorScheme: 'light' | 'dark', width = 1400): Promise<BrowserContext> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    await server.attach(context);
    return context;
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it.each(colorScheme === 'light' ? SCENES : DARK_SCENES)(
      `%s in ${colorScheme} breaks no policy and no rule of accessibility`,
      async (scene) => {
        const context = await contextOf(colorScheme);
        const { page, complaints } = await show(context, scene);
        const { violations, passes } = await new AxeBuilder({ page }).exclude('iframe').analyze();
        expect(passes.map(({ id }) => id)).toContain('color-contrast');
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
        expect(complaints).toEqual([]);
        await context.close();
      },
    );
  }

  it('is under the policy: an inline style and a strange address are refused', async () => {
    const context = await contextOf('light');
    const { page, complaints } = await show(context, 'shelf');
    await page.evaluate(async () => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
      await fetch('https://example.org').catch(() => undefined);
    });
    await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(2);
    expect(complaints.join(' ')).toContain('Content Security Policy');
    await context.close();
  });

  it('goes to the page of an evidence link and back, by keyboard', async () => {
    const context = await contextOf('light');
    const { page } = await show(context, 'ask-finished');
    await page.locator('.evidence__item').first().focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.page-field__input').inputValue()).toBe('77');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => page.locator('.page-field__input').inputValue()).toBe('75');
    await context.close();
  });

  it('reads single cells of the map by arrow keys', async () => {
    const context = await contextOf('light');
    const { page } = await show(context, 'map');
    await page.locator('.map__canvas').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.map__readout').textContent()).toMatch(/^Layer 0, own keys, recent token 3,124: /);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.map__readout').textContent()).toMatch(/^Distant tokens .* Layer 0 on its own keys: /);
    await context.close();
  });

  it('says once that there is no model, beside the button that fetches it', async () => {
    const context = await contextOf('light');
    const { page } = await show(context, 'no-model');
    await page.waitForTimeout(600);
    const panel = await page.locator('.panel--ask').innerText();
    expect(panel).toContain('Answers need a model on this machine');
    expect(panel).not.toContain('command line');
    await context.close();
  });

  const NARROW_SCENES = [
    ...['shelf', 'model', 'settings', 'settings-unmeasured', 'settings-no-plan'],
    ...['search', 'ask-finished', 'ask-whole', 'map', 'map-table'],
  ];
  it.each(NARROW_SCENES)(
    '%s has nothing beyond the edge of a window 420 pixels wide, nor of a dialog in it',
    async (scene) => {
      const context = await contextOf('light', 420);
      const { page } = await show(context, scene);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(widths).toEqual([420, 420]);
      const hidden = await page
        .locator('dialog')
        .evaluateAll((dialogs) => dialogs.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
      expect(hidden.filter((pixels) => pixels > 0)).toEqual([]);
      await context.close();
    },
  );

  it('lays its margins over the book when it is narrow, and closes them with Escape', async () => {
    const context = await contextOf('light', 800);
    const { page } = await show(context, 'ask-finished');
    expect(await page.locator('.panel--ask').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.panel--ask').count()).toBe(0);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(widths[0]).toBe(widths[1]);
    await context.close();
  });
});
