import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenBook } from '#documents/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { markupBook } from '../fixtures/markupBook.ts';
import { FrameHarness, type OpenFrame, whyNoFrame } from './frameHarness.ts';

const chapter = (number: number): string =>
  `<h1 id="top">Chapter ${number}</h1>${Array.from(
    { length: 60 },
    (_, index) =>
      `<p id="p${index}">Paragraph ${index + 1} of chapter ${number}: the <em>ferry</em> crosses the sound at dawn and comes back before the tide turns.</p>`,
  ).join('')}<p><a data-target="4#p30">Onwards</a> <a href="https://example.com/away">Away</a></p>`;

/** What a book may try when its sanitiser has let it through. */
const HOSTILE = `<h1>Hostile</h1>
<script>window.parent.postMessage('ran', '*'); globalThis.ran = 'script';</script>
<img src="https://example.com/pixel.png" onerror="globalThis.ran = 'onerror'">
<img src="x" onerror="globalThis.ran = 'onerror'">
<svg><script>globalThis.ran = 'svg';</script><animate onbegin="globalThis.ran = 'begin'" attributeName="x" dur="1s"></animate></svg>
<a id="bad" href="javascript:globalThis.ran = 'href'">click</a>
<iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe>
<form action="https://example.com/"><input autofocus onfocus="globalThis.ran = 'focus'"></form>
<p style="background: url(https://example.com/style.png)">Still here.</p>
<link rel="stylesheet" href="https://example.com/a.css"><meta http-equiv="refresh" content="0;url=https://example.com/">`;
const HOSTILE_CSS = `@import url(https://example.com/import.css); p { background: url(https://example.com/bg.png); }
@font-face { font-family: spy; src: url(https://example.com/f.woff2); } h1 { font-family: spy; }`;

describe.skipIf(whyNoFrame !== null)(`the book frame with flowing text${whyNoFrame ? ` (${whyNoFrame})` : ''}`, () => {
  const harness = new FrameHarness();
  let book: OpenBook;
  let open: OpenFrame;

  const place = async (words: string, leaf: number): Promise<{ start: number; end: number }> => {
    const { text } = await book.readLeaf(leafIndex(leaf));
    const start = text.indexOf(words);
    expect(start).toBeGreaterThanOrEqual(0);
    return { start, end: start + words.length };
  };

  beforeAll(async () => {
    await harness.start();
    book = harness.addBook(
      markupBook(
        'Ferries',
        Array.from({ length: 12 }, (_, index) => ({ html: chapter(index + 1) })),
      ),
    );
    open = await harness.openFrame();
    await open.show(book);
  });
  afterAll(() => harness[Symbol.asyncDispose]());

  it('shows the first chapter and lays out no far ones', async () => {
    await open.frame.getByText('Paragraph 1 of chapter 1:').waitFor();
    expect(await open.frame.locator('.leaf').count()).toBeLessThan(6);
  });

  it('goes to a place and marks its words', async () => {
    const words = 'Paragraph 31 of chapter 8: the ferry crosses';
    const { start, end } = await place(words, 7);
    await open.call('goTo', { leaf: leafIndex(7), offset: start });
    await open.mark({ span: { leaf: leafIndex(7), start, end }, kind: 'current' });
    const marked = await open.frame.evaluate(() => {
      const ranges = [...(CSS.highlights.get('current') ?? [])] as Range[];
      return { text: ranges.map(String).join(''), top: ranges[0]?.getBoundingClientRect().top };
    });
    expect(marked.text).toBe(words);
    expect(marked.top).toBeGreaterThan(100);
    expect(marked.top).toBeLessThan(450);
  });

  const markTop = (): Promise<number> =>
    open.frame.evaluate(() => ([...CSS.highlights.get('current')!][0] as Range).getBoundingClientRect().top);

  it('keeps a place that was jumped to where it stands when the window and the letters change', async () => {
    const before = await markTop();
    await open.page.setViewportSize({ width: 520, height: 700 });
    await open.call('appearance', { theme: 'dark', textSizePx: 25 });
    await expect.poll(markTop).toBeCloseTo(before, -0.5);
    await open.page.setViewportSize({ width: 1000, height: 900 });
    await open.call('appearance', { theme: 'light', textSizePx: 18 });
    await expect.poll(markTop).toBeCloseTo(before, -0.5);
  });

  it('keeps the line at the top where the reader has scrolled', async () => {
    await open.page.mouse.move(500, 400);
    await open.page.mouse.wheel(0, 333);
    await expect.poll(markTop).toBeLessThan(0);
    await open.page.waitForTimeout(300);
    const before = (await open.last('position'))!.position;
    await open.page.setViewportSize({ width: 520, height: 700 });
    await open.call('appearance', { theme: 'light', textSizePx: 25 });
    await open.page.waitForTimeout(400);
    const after = (await open.last('position'))!.position;
    expect(after.leaf).toBe(7);
    // The line may be broken some words earlier; a line holds some 90 characters at most.
    expect(Math.abs(after.offset - before.offset)).toBeLessThan(90);
    await open.page.setViewportSize({ width: 1000, height: 900 });
    await open.call('appearance', { theme: 'light', textSizePx: 18 });
    await open.page.waitForTimeout(400);
    const back = (await open.last('position'))!.position;
    expect(Math.abs(back.offset - before.offset)).toBeLessThan(90);
  });

  it('opens again at the line where it was left', async () => {
    const { start } = await place('Paragraph 40 of chapter 3', 2);
    const again = await harness.openFrame();
    await again.show(book, { position: { leaf: leafIndex(2), offset: start } });
    const top = await again.frame.getByText('Paragraph 40 of chapter 3').boundingBox();
    expect(Math.abs(top!.y)).toBeLessThan(30);
    await expect.poll(async () => (await again.last('position'))?.position).toEqual({ leaf: 2, offset: start });
    await again.close();
  });

  it('puts pictures on white in the dark, because many are black on nothing', async () => {
    const pictured = harness.addBook(markupBook('Pictures', [{ html: '<p>A seal: <img alt="A seal"></p>' }]));
    const other = await harness.openFrame();
    await other.show(pictured);
    const ground = (): Promise<string> =>
      other.frame.getByAltText('A seal').evaluate((picture) => getComputedStyle(picture).backgroundColor);
    expect(await ground()).toBe('rgba(0, 0, 0, 0)');
    await other.call('appearance', { theme: 'dark', textSizePx: 18 });
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
    await other.close();
  });

  it('tells what is selected as a span of the plain text', async () => {
    const { start, end } = await place('ferry crosses the sound', 7);
    await open.call('goTo', { leaf: leafIndex(7), offset: 0 });
    await open.frame.getByText('Paragraph 1 of chapter 8:').evaluate((paragraph) => {
      const emphasis = paragraph.querySelector('em')!;
      getSelection()!.setBaseAndExtent(emphasis.firstChild!, 0, emphasis.nextSibling!, ' crosses the sound'.length);
    });
    await expect.poll(async () => (await open.last('selection'))?.text).toBe('ferry crosses the sound');
    expect((await open.last('selection'))!.span).toEqual({ leaf: 7, start, end });
  });

  it('follows links inside the book and only reports those that leave it', async () => {
    await open.call('goTo', { leaf: leafIndex(0), offset: (await place('Onwards', 0)).start });
    const { start } = await place('Paragraph 31 of chapter 5', 4);
    await open.frame.locator('.leaf[data-leaf="0"]').getByText('Away').click();
    expect((await open.last('externalLink'))?.url).toBe('https://example.com/away');
    await open.frame.locator('.leaf[data-leaf="0"]').getByText('Onwards').click();
    await expect.poll(async () => (await open.last('link'))?.target).toEqual({ leaf: 4, offset: start });
    const line = await open.frame.locator('.leaf[data-leaf="4"]').getByText('Paragraph 31 of').boundingBox();
    expect(Math.abs(line!.y)).toBeLessThan(40);
    expect(open.outside).toEqual([]);
  });

  it('runs nothing that a book brings along and fetches nothing from elsewhere', async () => {
    const hostile = harness.addBook(markupBook('Hostile', [{ html: HOSTILE, css: HOSTILE_CSS }]));
    const other = await harness.openFrame();
    await other.show(hostile);
    await other.frame.getByText('Still here.').waitFor();
    await other.frame.locator('#bad').evaluate((link) => (link as HTMLElement).click());
    await other.page.waitForTimeout(500);
    expect(await other.frame.evaluate(() => (globalThis as { ran?: string }).ran ?? 'nothing')).toBe('nothing');
    expect(await other.frame.locator('script:not([src]), iframe, form, input, [onerror], [onbegin]').count()).toBe(0);
    expect(other.outside).toEqual([]);
    await other.close();
  });

  it('says that a part cannot be read in place of the part', async () => {
    const broken: OpenBook = {
      ...markupBook('Broken', [{ html: '' }]),
      markup: () => Promise.reject(new Error('no such part')),
    };
    harness.addBook(broken);
    const other = await harness.openFrame();
    await expect(other.show(broken)).rejects.toThrow(/could not be read/);
    await other.close();
  });

  it('breaks no rule of its policy', () => {
    expect(open.complaints).toEqual([]);
  });
});
