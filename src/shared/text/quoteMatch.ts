import type { TextRange } from './sentences.ts';

export interface QuoteMatchOptions {
  /** Of several places, the one whose start is nearest to this offset is taken. @default 0 */
  readonly near?: number;
}

/**
 * Finds a quote in text when both were written down differently: white space, line ends,
 * quotation marks, dashes, hyphens at line ends, ligatures, accents, case and full stops do
 * not count; letters and digits do, in order, and so does a point between digits. Both ends
 * must be ends of words.
 *
 * @returns the stretch of `text`, or null when the words are not there, or when the quote
 *   has no real word (it needs a letter, and three letters or digits, two in scripts
 *   without spaces).
 */
export function quoteMatch(text: string, quote: string, { near = 0 }: QuoteMatchOptions = {}): TextRange | null {
  const { letters: wanted, offsets: wantedOffsets } = fold(quote);
  if (!/\p{L}/u.test(wanted) || wanted.length < (UNSPACED.test(wanted) ? 2 : 3)) {
    return null;
  }
  const { letters, offsets } = fold(text);
  let best: TextRange | null = null;
  for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + 1)) {
    const start = offsets[at]!;
    const last = offsets[at + wanted.length - 1]!;
    const end = last + characterLength(text, last);
    // A ligature or a letter with its accent folds to several letters: half of one is no match.
    const isWhole = offsets[at - 1] !== start && offsets[at + wanted.length] !== last;
    if (!isWhole || continuesWord(text, start) || continuesWord(text, end)) continue;
    if (!sameWords(quote, wantedOffsets, text, offsets, at)) continue;
    const isNearer = !best || Math.abs(start - near) < Math.abs(best.start - near);
    if (isNearer) best = { start, end };
    else break;
  }
  return best;
}

/** Scripts that put no space between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u;

interface Folded {
  readonly letters: string;
  /** For each UTF-16 unit of `letters` the offset of the character it came from. */
  readonly offsets: readonly number[];
}

function fold(text: string): Folded {
  let letters = '';
  const offsets: number[] = [];
  for (let index = 0; index < text.length; ) {
    const length = characterLength(text, index);
    const character = text.slice(index, index + length);
    let folded = '';
    if (/[a-z0-9]/.test(character)) folded = character;
    else if (/[\p{L}\p{N}\p{M}]/u.test(character)) {
      folded = character
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
    } else if ((character === '.' || character === ',') && isBetweenDigits(text, index)) folded = '.';
    for (let unit = 0; unit < folded.length; unit++) offsets.push(index);
    letters += folded;
    index += length;
  }
  return { letters, offsets };
}

/** Whether white space parts the same words: "now here" is not "nowhere". */
function sameWords(
  quote: string,
  quoteOffsets: readonly number[],
  text: string,
  textOffsets: readonly number[],
  at: number,
): boolean {
  for (let index = 1; index < quoteOffsets.length; index++) {
    const inQuote = gap(quote, quoteOffsets[index - 1]!, quoteOffsets[index]!);
    const inText = gap(text, textOffsets[at + index - 1]!, textOffsets[at + index]!);
    if (inQuote === inText || inQuote === 'mark' || inText === 'mark') continue;
    if (!UNSPACED.test(quote[quoteOffsets[index]!] ?? '')) return false;
  }
  return true;
}

/** What lies between two neighbouring letters: nothing, white space alone, or a mark such as a hyphen. */
function gap(text: string, from: number, to: number): 'none' | 'space' | 'mark' {
  const between = text.slice(from + characterLength(text, from), to);
  if (between === '') return 'none';
  return /^\s+$/.test(between) ? 'space' : 'mark';
}

function characterLength(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

function isBetweenDigits(text: string, index: number): boolean {
  return /^\d[.,]\d$/.test(text.slice(index - 1, index + 2));
}

/** Whether a word goes on across an offset. Scripts without spaces may be cut anywhere. */
function continuesWord(text: string, offset: number): boolean {
  const around = text.slice(Math.max(0, offset - 1), offset + 1);
  return /^[\p{L}\p{N}]{2}$/u.test(around) && !UNSPACED.test(around);
}
