import type { TextRange } from '#shared/text/index.ts';
import { findWords } from './findWords.ts';

/** Letters shown before and after a hit: a line of a hit list. */
const BEFORE_CHARACTERS = 50;
const AFTER_CHARACTERS = 90;

export interface Snippet {
  /** On one line, cut at spaces, with dots where text was left out. */
  readonly snippet: string;
  /** `[start, end)` inside `snippet`. */
  readonly marks: readonly (readonly [number, number])[];
}

/**
 * The words around a hit. A hit that is one run of the searched words is marked as a whole;
 * in a longer one (a passage that holds them apart) each word is marked.
 */
export function snippetAround(text: string, hit: TextRange, words: readonly string[]): Snippet {
  const isRun = findWords(text.slice(hit.start, hit.end), words).some(({ start }) => start === 0);
  const inHit = isRun
    ? [{ start: hit.start, end: hit.end }]
    : words
        .flatMap((word) => findWords(text.slice(hit.start, hit.end), [word]))
        .map(({ start, end }) => ({ start: hit.start + start, end: hit.start + end }))
        .sort((one, other) => one.start - other.start);
  const centre = inHit[0] ?? hit;
  const from = cutForward(text, Math.max(0, centre.start - BEFORE_CHARACTERS), centre.start);
  const to = cutBackward(text, Math.min(text.length, centre.end + AFTER_CHARACTERS), centre.end);
  const lead = from > 0 ? '…' : '';
  const trail = to < text.length ? '…' : '';
  return {
    // Same length, so that marks stay in place.
    snippet: lead + text.slice(from, to).replaceAll(/\s/g, ' ') + trail,
    marks: inHit
      .filter(({ start, end }) => start >= from && end <= to)
      .map(({ start, end }) => [start - from + lead.length, end - from + lead.length] as const),
  };
}

function cutForward(text: string, from: number, hit: number): number {
  if (from === 0) return 0;
  const space = text.slice(from, hit).search(/\s\S/);
  return space < 0 ? from : from + space + 1;
}

function cutBackward(text: string, to: number, hit: number): number {
  if (to === text.length) return to;
  const tail = text.slice(hit, to);
  const space = tail.search(/\s\S*$/);
  return space <= 0 ? to : hit + space;
}
