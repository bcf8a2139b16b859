import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenBook } from '#documents/index.ts';
import { leafIndex, type TextSpan } from '#shared/domain/index.ts';
import { textPdf } from '../fixtures/textPdf.ts';
import { FrameHarness, type OpenFrame, whyNoFrame } from './frameHarness.ts';

/** More pages than a browser can scroll one to one at this size. */
const PAGES = 12_000;
const linesOf = (page: number): string[] => [
  `This is page number ${page + 1}.`,
  ...Array.from({ length: 20 }, (_, line) => `On line ${line + 2} the heron of page ${page + 1} waits for fish.`),
];

describe.skipIf(whyNoFrame !== null)(`the book frame with a PDF${whyNoFrame ? ` (${whyNoFrame})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-pdf-'));
  const harness = new FrameHarness();
  let book: OpenBook;
  let open: OpenFrame;
  let shown: { firstPaintMs: number; workerIsReal: boolean };

  const spanOf = async (leaf: number, words: string): Promise<TextSpan> => {
    const { text } = await book.readLeaf(leafIndex(leaf));
    const start = text.indexOf(words);
    expect(start).toBeGreaterThanOrEqual(0);
    return { leaf: leafIndex(leaf), start, end: start + words.length };
  };

  beforeAll(async () => {
    const path = join(folder, 'herons.pdf');
    writeFileSync(path, textPdf(Array.from({ length: PAGES }, (_, page) => linesOf(page))));
    await harness.start();
    book = await harness.openBook(path);
    open = await harness.openFrame();
    shown = await open.show(book);
  });
  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('paints the first page at once and has its text over it', async () => {
    expect(shown.firstPaintMs).toBeLessThan(10_000);
    const inked = await open.frame.locator('.leaf canvas').first().evaluate(countDarkPixels);
    expect(inked).toBeGreaterThan(500);
    await expect.poll(() => open.frame.locator('.textLayer').first().textContent()).toContain('page number 1.');
  });

  it('reads the file on a real worker, in an opaque origin and a process of its own', async () => {
    expect(shown.workerIsReal).toBe(true);
    expect(open.page.workers().map((worker) => worker.url())).toContainEqual(expect.stringMatching(/^blob:null/));
    expect(await open.frame.evaluate(() => origin)).toBe('null');
    // Chromium gives a session of its own only to a frame that lives in another process.
    const devtools = await open.page.context().newCDPSession(open.frame);
    await devtools.detach();
  });

  it('keeps only a few of its pages', async () => {
    expect(await open.frame.locator('.leaf').count()).toBeLessThan(12);
  });

  it.each([1200, 6000, 12_000])('goes to page %i and says so', async (page) => {
    await open.call('goTo', { leaf: leafIndex(page - 1), offset: 0 });
    const visible = await open.frame.locator(`.leaf[data-leaf="${page - 1}"]`).boundingBox();
    expect(visible!.y).toBeLessThan(450);
    expect(visible!.y + visible!.height).toBeGreaterThan(450);
    await expect
      .poll(() => open.frame.locator(`.leaf[data-leaf="${page - 1}"] .textLayer`).textContent())
      .toContain(`page number ${page}.`);
    await expect.poll(async () => (await open.last('position'))?.position.leaf).toBeGreaterThanOrEqual(page - 2);
  });

  it('moves by the pixels of the wheel also where the scroll bar is pressed together', async () => {
    await open.call('goTo', { leaf: leafIndex(5999), offset: 0 });
    const leaf = open.frame.locator('.leaf[data-leaf="5999"]');
    const before = await leaf.boundingBox();
    await open.page.mouse.move(400, 400);
    await open.page.mouse.wheel(0, 150);
    await expect.poll(async () => (await leaf.boundingBox())!.y).toBeCloseTo(before!.y - 150, 0);
  });

  it('lays a mark on the very words', async () => {
    const words = 'the heron of page 1200 waits';
    await open.call('goTo', await spanOf(1199, words).then(({ leaf, start }) => ({ leaf, offset: start })));
    await open.mark({ span: await spanOf(1199, words), kind: 'evidence' });
    const mark = open.frame.locator('.leaf[data-leaf="1199"] .mark.evidence');
    await expect.poll(() => mark.count()).toBe(1);
    const wanted = await open.frame
      .locator('.leaf[data-leaf="1199"] .textLayer span', { hasText: 'On line 2 ' })
      .first()
      .evaluate(boxOfWords, words);
    const got = (await mark.boundingBox())!;
    expect(got.x).toBeCloseTo(wanted.x, 0);
    expect(got.y).toBeCloseTo(wanted.y, 0);
    expect(got.width).toBeCloseTo(wanted.width, 0);
  });

  it('keeps a mark on its words when the page is enlarged', async () => {
    const words = 'the heron of page 1200 waits';
    await open.call('zoom', { to: 0.8 });
    await open.call('goTo', await spanOf(1199, words).then(({ leaf, start }) => ({ leaf, offset: start })));
    const wanted = await open.frame
      .locator('.leaf[data-leaf="1199"] .textLayer span', { hasText: 'On line 2 ' })
      .first()
      .evaluate(boxOfWords, words);
    const got = (await open.frame.locator('.leaf[data-leaf="1199"] .mark.evidence').boundingBox())!;
    expect(Math.abs(got.x - wanted.x)).toBeLessThan(2);
    expect(Math.abs(got.width - wanted.width)).toBeLessThan(3);
  });

  it('tells what is selected as a span of the plain text', async () => {
    const span = await spanOf(1199, 'heron of page 1200');
    await open.frame
      .locator('.leaf[data-leaf="1199"] .textLayer span', { hasText: 'On line 2 ' })
      .first()
      .evaluate((element) => {
        const node = element.firstChild!;
        const start = node.nodeValue!.indexOf('heron');
        getSelection()!.setBaseAndExtent(node, start, node, start + 'heron of page 1200'.length);
      });
    await expect.poll(async () => (await open.last('selection'))?.text).toBe('heron of page 1200');
    expect((await open.last('selection'))!.span).toEqual(span);
  });

  it('hands the shortcuts of the app on and keeps its own', async () => {
    await open.frame.locator('#book').focus();
    await open.page.keyboard.press('Control+f');
    expect((await open.last('shortcut'))?.shortcut).toMatchObject({ key: 'f', ctrl: true });
    const before = (await open.last('scale'))!.scale;
    await open.page.keyboard.press('Control+=');
    await expect.poll(async () => (await open.last('scale'))!.scale).toBeGreaterThan(before);
  });

  it('turns the paper dark and paints on', async () => {
    await open.call('appearance', { theme: 'dark', textSizePx: 18 });
    const filter = (): Promise<string> =>
      open.frame
        .locator('.leaf canvas')
        .first()
        .evaluate((canvas) => getComputedStyle(canvas).filter);
    await expect.poll(filter).toContain('invert');
    await open.screenshot('pdf-frame-dark');
  });

  it('breaks no rule of its policy and lets nothing out', () => {
    expect(open.complaints).toEqual([]);
    expect(open.outside).toEqual([]);
  });

  it('says what is wrong with a file that is cut', async () => {
    const path = join(folder, 'cut.pdf');
    const whole = textPdf([linesOf(0)]);
    writeFileSync(path, whole);
    const cut = await harness.openBook(path);
    writeFileSync(path, 'no pdf any more'.padEnd(whole.length));
    const other = await harness.openFrame();
    await expect(other.show(cut)).rejects.toThrow(/document\/damaged/);
    await other.close();
  });
});

/** Runs in the frame. */
function countDarkPixels(element: SVGElement | HTMLElement): number {
  const canvas = element as HTMLCanvasElement;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! < 128) dark += 1;
  return dark;
}

/** Runs in the frame, then is put into the coordinates of the whole page, where the frame begins at its corner. */
function boxOfWords(element: SVGElement | HTMLElement, words: string): { x: number; y: number; width: number } {
  const node = element.firstChild!;
  const start = node.nodeValue!.indexOf(words);
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, start + words.length);
  const { x, y, width } = range.getBoundingClientRect();
  return { x, y, width };
}
