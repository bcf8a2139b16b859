import type { TextMap } from './textMap.ts';
import { TextMapBuilder } from './textMapBuilder.ts';

/** What pdf.js gives for a stretch of text on a page: the parts of its `TextItem` that are used here. */
export interface PdfTextItem {
  readonly str: string;
  readonly dir: string;
  /** `[a, b, c, d, e, f]`: text space to PDF user space; (e, f) is the start of the baseline. */
  readonly transform: readonly number[];
  /** Along the baseline, in user space. */
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

/**
 * How `getTextContent` and `streamTextContent` must be asked so that every part of Proxima
 * counts the same items and characters.
 */
export const PDF_TEXT_OPTIONS = { includeMarkedContent: false, disableNormalization: false } as const;

/**
 * A page's plain text. Sources of the map are indices into the items it was made of, so
 * `rangesOf(start, end)` gives item numbers with character ranges inside their `str`, and
 * `offsetOf(item, character)` is the way back.
 */
export interface PageText {
  readonly text: string;
  readonly map: TextMap<number>;
  /** For each item its `[start, end)` in the text; empty where an item is all white space. */
  readonly items: readonly { readonly start: number; readonly end: number }[];
}

interface Line {
  readonly items: number[];
  /** Of the item with the most characters: superscripts do not count. */
  readonly height: number;
}

/**
 * Joins the text items of a PDF page to plain text, in the order pdf.js gives them (the
 * order of the page's content, which is column by column in nearly all files). Lines end
 * in `\n`, paragraphs and headings that stand apart in `\n\n`; a word broken by a hyphen
 * at a line end becomes one word; white space is collapsed.
 *
 * Use: `pageText((await page.getTextContent(PDF_TEXT_OPTIONS)).items)`.
 */
export function pageText(items: readonly PdfTextItem[]): PageText {
  const lines = splitLines(items);
  const usualGap = median(lines.flatMap((line, index) => gapAbove(items, lines[index - 1], line) ?? []));
  const builder = new TextMapBuilder<number>();
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    const first = items[line.items[0]!]!;
    if (above) {
      const end = lineEnd(builder.tail(MAX_WORD), items[above.items.at(-1)!]!.str, first.str, items);
      if (end === 'newLine') builder.breakLine(standsApart(items, above, line, usualGap) ? 2 : 1);
      else builder.joinWord();
      if (end === 'dropHyphen') builder.dropLast();
    }
    let previous: PdfTextItem | null = null;
    for (const item of line.items) {
      const current = items[item]!;
      if (previous && leavesGap(previous, current)) builder.space();
      builder.add(item, current.str);
      previous = current;
    }
  }
  const map = builder.build();
  return { text: map.text, map, items: spansOfItems(map, items.length) };
}

function splitLines(items: readonly PdfTextItem[]): Line[] {
  const lines: Line[] = [];
  let current: number[] = [];
  const close = (): void => {
    if (current.length > 0) lines.push({ items: current, height: mainHeight(items, current) });
    current = [];
  };
  for (const [index, item] of items.entries()) {
    if (item.str.trim() !== '') {
      const last = current.at(-1);
      if (last !== undefined && acrossBaseline(items[last]!, item) > 0.8 * sizeOf(items[last]!)) close();
      current.push(index);
    } else if (item.str !== '' && current.length > 0) {
      current.push(index);
    }
    if (item.hasEOL) close();
  }
  close();
  return lines;
}

/** Size of the letters in user space; some fonts state no height of their own. */
export function sizeOf(item: PdfTextItem): number {
  return item.height || Math.hypot(item.transform[2] ?? 0, item.transform[3] ?? 0) || 1;
}

function mainHeight(items: readonly PdfTextItem[], line: readonly number[]): number {
  const main = line.reduce((best, index) => (items[index]!.str.length > items[best]!.str.length ? index : best));
  return sizeOf(items[main]!);
}

/** Distance of two baselines, measured across the first one's direction; always positive. */
function acrossBaseline(from: PdfTextItem, to: PdfTextItem): number {
  return Math.abs(offsetAcross(from, to));
}

/** Positive when `to` lies below `from` as one reads. */
function offsetAcross(from: PdfTextItem, to: PdfTextItem): number {
  const [a = 1, b = 0, , , e = 0, f = 0] = from.transform;
  const length = Math.hypot(a, b) || 1;
  return (((to.transform[4] ?? 0) - e) * b - ((to.transform[5] ?? 0) - f) * a) / length;
}

/** pdf.js leaves most spaces as items of their own; tables and narrow fonts need the rest. */
function leavesGap(from: PdfTextItem, to: PdfTextItem): boolean {
  if (from.dir === 'rtl' || to.dir === 'rtl') return false;
  const [a = 1, b = 0, , , e = 0, f = 0] = from.transform;
  const length = Math.hypot(a, b) || 1;
  const along = (((to.transform[4] ?? 0) - e) * a + ((to.transform[5] ?? 0) - f) * b) / length;
  const gap = along - from.width;
  return gap > 0.2 * sizeOf(from);
}

function gapAbove(items: readonly PdfTextItem[], above: Line | undefined, line: Line): number | null {
  if (!above) return null;
  const gap = offsetAcross(items[above.items[0]!]!, items[line.items[0]!]!);
  return gap > 0 ? gap : null;
}

/** A blank line, or letters of another size, make a new block. A new column starts higher up and is none. */
function standsApart(items: readonly PdfTextItem[], above: Line, line: Line, usualGap: number): boolean {
  if (Math.max(above.height, line.height) > 1.15 * Math.min(above.height, line.height)) return true;
  const gap = gapAbove(items, above, line);
  if (gap === null) return false;
  return gap > 1.35 * Math.max(usualGap, line.height);
}

/** Longest word whose beginning is looked at across a line end. */
const MAX_WORD = 64;

/**
 * What becomes of a line end. A soft hyphen is not in the text anyway. A hyphen between
 * lower-case letters is taken out, unless the page writes the word with its hyphen
 * elsewhere: `well-known` stays whole.
 */
function lineEnd(
  tail: string,
  last: string,
  next: string,
  items: readonly PdfTextItem[],
): 'newLine' | 'joinWord' | 'dropHyphen' {
  if (last.trimEnd().endsWith('\u00ad')) return 'joinWord';
  const before = /(\p{L}+)[-\u2010]$/u.exec(tail)?.[1];
  const after = /^\p{Ll}+/u.exec(next)?.[0];
  if (!before || !after) return 'newLine';
  const compound = `${before}-${after}`;
  return items.some((item) => item.str.includes(compound)) ? 'joinWord' : 'dropHyphen';
}

function median(values: number[]): number {
  if (values.length === 0) return 0;
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1]!;
}

function spansOfItems(map: TextMap<number>, count: number): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let position = 0;
  let run = 0;
  for (let item = 0; item < count; item++) {
    let start = -1;
    while (run < map.runs.length && map.runs[run]!.source === item) {
      const { start: from, length } = map.runs[run]!;
      if (start < 0) start = from;
      position = from + length;
      run += 1;
    }
    spans.push({ start: start < 0 ? position : start, end: position });
  }
  return spans;
}
