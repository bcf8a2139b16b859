import { describe, expect, it } from 'vitest';
import { lineRects, type PdfTextItem, pageText, spanInRects } from '#shared/text/index.ts';

/** Items of a page as pdf.js gives them: 10 point letters, 5 points wide. */
function line(str: string, y: number, more: Partial<PdfTextItem> = {}): PdfTextItem {
  return {
    str,
    dir: 'ltr',
    transform: [10, 0, 0, 10, 50, y],
    width: str.length * 5,
    height: 10,
    hasEOL: true,
    ...more,
  };
}

describe('pageText', () => {
  it('joins items of a line and ends lines', () => {
    const page = pageText([
      line('Call me', 700, { hasEOL: false }),
      line(' ', 700, { hasEOL: false, transform: [10, 0, 0, 10, 85, 700] }),
      line('Ishmael.', 700, { transform: [10, 0, 0, 10, 90, 700] }),
      line('Some years ago', 688),
    ]);
    expect(page.text).toBe('Call me Ishmael.\nSome years ago');
    expect(page.items).toEqual([
      { start: 0, end: 7 },
      { start: 7, end: 8 },
      { start: 8, end: 16 },
      { start: 17, end: 31 },
    ]);
  });

  it('makes one word of a word broken at a line end and keeps the way back to both items', () => {
    const page = pageText([line('the atten-', 700), line('tion of layers', 688)]);
    expect(page.text).toBe('the attention of layers');
    const word = page.text.indexOf('attention');
    expect(page.map.rangesOf(word, word + 9)).toEqual([
      { source: 0, start: 4, end: 9 },
      { source: 1, start: 0, end: 4 },
    ]);
    expect(page.map.offsetOf(1, 0)).toBe(9);
  });

  it('keeps the hyphen of a compound that the page writes whole elsewhere', () => {
    const page = pageText([line('a well-known rule, a well-', 700), line('known exception', 688)]);
    expect(page.text).toBe('a well-known rule, a well-known exception');
  });

  it('joins at a soft hyphen and drops it', () => {
    expect(pageText([line('inter\u00adnatio\u00ad', 700), line('nal', 688)]).text).toBe('international');
  });

  it('does not join a dash, a name or a number', () => {
    expect(pageText([line('pages 3-', 700), line('5 and', 688)]).text).toBe('pages 3-\n5 and');
    expect(pageText([line('Jean-', 700), line('Paul', 688)]).text).toBe('Jean-\nPaul');
  });

  it('parts paragraphs and headings that stand apart by a blank line', () => {
    const page = pageText([
      line('Loomings', 740, { transform: [16, 0, 0, 16, 50, 740], height: 16 }),
      line('one', 718),
      line('two', 706),
      line('three', 694),
      line('four', 670),
    ]);
    expect(page.text).toBe('Loomings\n\none\ntwo\nthree\n\nfour');
  });

  it('puts a space where only distance parts two items', () => {
    const page = pageText([
      line('left', 700, { hasEOL: false }),
      line('right', 700, { transform: [10, 0, 0, 10, 120, 700] }),
    ]);
    expect(page.text).toBe('left right');
    expect(page.map.rangesOf(3, 6)).toEqual([
      { source: 0, start: 3, end: 4 },
      { source: 1, start: 0, end: 1 },
    ]);
  });

  it('is empty for a page without text', () => {
    expect(pageText([])).toMatchObject({ text: '', items: [] });
    expect(pageText([line('   ', 10)]).text).toBe('');
  });
});

describe('lineRects', () => {
  const items = [line('Call me Ishmael.', 700), line('Some years ago', 688)];
  const page = pageText(items);

  it('gives one rectangle for each line, and the way back', () => {
    const rects = lineRects(page, items, 8, 21);
    expect(rects).toHaveLength(2);
    expect(rects[0]).toMatchObject({ x: 90, width: 40, height: 10 });
    expect(rects[1]).toMatchObject({ x: 50, width: 20 });
    expect(spanInRects(page, items, rects)).toEqual({ start: 8, end: 21 });
  });

  it('joins items that stand side by side', () => {
    const parts = [line('Call ', 700, { hasEOL: false }), line('me', 700, { transform: [10, 0, 0, 10, 75, 700] })];
    expect(lineRects(pageText(parts), parts, 0, 7)).toMatchObject([{ x: 50, width: 35 }]);
  });

  it('goes up the page for text that runs upwards', () => {
    const upwards = [line('Margin', 100, { transform: [0, 10, -10, 0, 50, 100] })];
    const [rect] = lineRects(pageText(upwards), upwards, 0, 6);
    expect(rect).toMatchObject({ y: 100, height: 30, width: 10 });
  });

  it('counts letters of right-to-left items from the right', () => {
    const arabic = [line('\u0645\u0631\u062d\u0628\u0627', 700, { dir: 'rtl' })];
    const shaped = pageText(arabic);
    const rects = lineRects(shaped, arabic, 0, 1);
    expect(rects).toMatchObject([{ x: 70, width: 5 }]);
    expect(spanInRects(shaped, arabic, rects)).toEqual({ start: 0, end: 1 });
  });
});
