import type { PdfRect } from '../domain/index.ts';
import { type PageText, type PdfTextItem, sizeOf } from './pageText.ts';

/** Share of the letter size that hangs below the baseline; fonts differ little. */
const DESCENT = 0.22;

/**
 * Where a stretch of a page's text lies: one rectangle a line, in PDF user space. Inside an
 * item letters are taken as equally wide, which is exact to about a letter.
 */
export function lineRects(page: PageText, items: readonly PdfTextItem[], start: number, end: number): PdfRect[] {
  const rects: PdfRect[] = [];
  for (const { source, start: from, end: to } of page.map.rangesOf(start, end)) {
    const item = items[source]!;
    const rect = partRect(item, from / item.str.length, to / item.str.length);
    const last = rects.at(-1);
    if (last && isSameLine(last, rect)) rects[rects.length - 1] = union(last, rect);
    else rects.push(rect);
  }
  return rects;
}

/**
 * The stretch of a page's text whose letters have their middle in one of the rectangles:
 * the inverse of `lineRects`. Null when there is none.
 */
export function spanInRects(
  page: PageText,
  items: readonly PdfTextItem[],
  rects: readonly PdfRect[],
): { start: number; end: number } | null {
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  for (const run of page.map.runs) {
    const item = items[run.source]!;
    const size = item.str.length;
    for (let index = 0; index < run.length; index++) {
      const character = run.sourceStart + index;
      const middle = centre(partRect(item, character / size, (character + 1) / size));
      if (!rects.some((rect) => contains(rect, middle))) continue;
      start = Math.min(start, run.start + index);
      end = Math.max(end, run.start + index + 1);
    }
  }
  return end > start ? { start, end } : null;
}

/** The box around a part of an item, `from` and `to` as shares of its length. */
function partRect(item: PdfTextItem, from: number, to: number): PdfRect {
  const [a = 1, b = 0, , , e = 0, f = 0] = item.transform;
  const length = Math.hypot(a, b) || 1;
  const [alongX, alongY] = [a / length, b / length];
  const size = sizeOf(item);
  const [first, last] = item.dir === 'rtl' ? [1 - to, 1 - from] : [from, to];
  const corners = [first, last].flatMap((share) =>
    [-DESCENT, 1 - DESCENT].map((rise) => ({
      x: e + alongX * share * item.width - alongY * rise * size,
      y: f + alongY * share * item.width + alongX * rise * size,
    })),
  );
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Whether two boxes stand side by side, or above each other in text that runs upwards. */
function isSameLine(one: PdfRect, other: PdfRect): boolean {
  const overlap = (start: number, length: number, otherStart: number, otherLength: number): number =>
    Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
  const sideBySide = overlap(one.y, one.height, other.y, other.height) > 0.5 * Math.min(one.height, other.height);
  const stacked = overlap(one.x, one.width, other.x, other.width) > 0.5 * Math.min(one.width, other.width);
  return sideBySide && !stacked;
}

function union(one: PdfRect, other: PdfRect): PdfRect {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

const centre = (rect: PdfRect): { x: number; y: number } => ({
  x: rect.x + rect.width / 2,
  y: rect.y + rect.height / 2,
});

function contains(rect: PdfRect, point: { x: number; y: number }): boolean {
  return point.x >= rect.x && point.x <= rect.x + rect.width && point.y >= rect.y && point.y <= rect.y + rect.height;
}
