import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenBook, openDocument } from '#documents/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import { temporaryFiles } from '../../../fixtures/temporaryFiles.ts';
import { textPdf } from '../../../fixtures/textPdf.ts';

const write = temporaryFiles();
const page = leafIndex;

describe('a PDF', () => {
  let book: OpenBook;
  beforeAll(async () => {
    const pages = [
      ['Call me Ishmael. Some years', 'ago I went to sea.'],
      [],
      ['The whale. The white', 'whale. The whale.'],
    ];
    book = await openDocument(write('moby.pdf', textPdf(pages, ['Loomings', 'A picture', 'The Whale'])));
  });
  afterAll(() => book.close());

  it('is described before its text is read', () => {
    expect(book.info).toMatchObject({ format: 'pdf', title: 'moby', author: null, direction: 'ltr' });
    expect(book.info.leaves.map(({ label }) => label)).toEqual(['1', '2', '3']);
    expect(book.info.outline.map(({ title, target }) => [title, target?.leaf])).toEqual([
      ['Loomings', 0],
      ['A picture', 1],
      ['The Whale', 2],
    ]);
    expect(book.info.sections.map(({ title, start, end }) => [title, start.leaf, end.leaf])).toEqual([
      ['Loomings', 0, 1],
      ['A picture', 1, 2],
      ['The Whale', 2, 2],
    ]);
  });

  it('gives the text of a page, and says when a page has none', async () => {
    expect(await book.readLeaf(page(0))).toEqual({
      index: 0,
      text: 'Call me Ishmael. Some years\nago I went to sea.',
      source: 'textLayer',
    });
    expect(await book.readLeaf(page(1))).toEqual({ index: 1, text: '', source: 'none' });
  });

  it('anchors a span over two lines by its rectangles, and finds it again', async () => {
    const { text } = await book.readLeaf(page(0));
    const start = text.indexOf('Some');
    const end = text.indexOf(' I went');
    const anchor = await book.anchor({ leaf: page(0), start, end });
    expect(anchor).toMatchObject({ quote: 'Some years\nago', place: { format: 'pdf', page: 0, pageLabel: '1' } });
    if (anchor?.place.format !== 'pdf') throw new Error('no PDF place');
    expect(anchor.place.rects).toHaveLength(2);
    // The page is 792 points high, with margins of 72 and lines of 18.
    expect(anchor.place.rects[0]!.y).toBeGreaterThan(792 - 72 - 12);
    expect(anchor.place.rects[1]).toMatchObject({ x: 72 });
    expect(await book.resolve(anchor)).toEqual({ leaf: 0, start, end });
  });

  it('tells equal words apart by their place', async () => {
    const { text } = await book.readLeaf(page(2));
    for (const match of text.matchAll(/The whale/g)) {
      const span = { leaf: page(2), start: match.index, end: match.index + match[0].length };
      const anchor = await book.anchor(span);
      expect(anchor && (await book.resolve(anchor))).toEqual(span);
    }
  });

  it('finds words that have moved on the page, and none that are gone', async () => {
    const anchor = await book.anchor({ leaf: page(0), start: 0, end: 16 });
    if (anchor?.place.format !== 'pdf') throw new Error('no anchor');
    const moved = { ...anchor, place: { ...anchor.place, rects: [{ x: 0, y: 0, width: 1, height: 1 }] } };
    expect(await book.resolve(moved)).toEqual({ leaf: 0, start: 0, end: 16 });
    expect(await book.resolve({ ...anchor, quote: 'Call me Ahab' })).toBeNull();
  });

  it('anchors no white space and no page it has not', async () => {
    expect(await book.anchor({ leaf: page(0), start: 27, end: 28 })).toBeNull();
    expect(await book.anchor({ leaf: page(1), start: 0, end: 10 })).toBeNull();
    await expect(book.readLeaf(page(3))).rejects.toThrow(InputError);
  });
});

describe('a PDF without an outline', () => {
  it('is cut into runs of ten pages that cover it', async () => {
    const book = await openDocument(write('runs.pdf', textPdf(Array.from({ length: 23 }, (_, n) => [`Page ${n}`]))));
    expect(book.info.sections.map(({ title, start }) => [title, start.leaf])).toEqual([
      ['Pages 1\u201310', 0],
      ['Pages 11\u201320', 10],
      ['Pages 21\u201323', 20],
    ]);
    expect(book.info.sections.at(-1)!.end).toEqual({ leaf: 22, offset: Number.MAX_SAFE_INTEGER });
    await book.close();
  });
});

const bigPdf = process.env['PROXIMA_BIG_PDF'];
describe.skipIf(!bigPdf || !existsSync(bigPdf))('a PDF of thousands of pages (PROXIMA_BIG_PDF)', () => {
  it('is described without reading its text, and anchors in the middle of it hold', { timeout: 60_000 }, async () => {
    const before = performance.now();
    const book = await openDocument(bigPdf!);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(book.info.leaves.length).toBeGreaterThan(1000);
    const middle = page(book.info.leaves.length >> 1);
    const { text } = await book.readLeaf(middle);
    const anchor = await book.anchor({ leaf: middle, start: 100, end: 200 });
    expect(anchor?.quote).toBe(text.slice(100, 200).trim());
    await book.close();
  });
});
