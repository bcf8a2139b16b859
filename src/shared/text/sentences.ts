import { abbreviationsOf } from './abbreviations.ts';

/** `[start, end)` in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits text into sentences, without the white space around them. A blank line always ends
 * a sentence (headings, paragraphs), a single line break never does: pages of a PDF break
 * lines anywhere. Unicode's rules (UAX 29, through Intl.Segmenter) find the ends; then what
 * they get wrong is mended: "Mr. Collins", "J. S. Bach", "1. Introduction", `"What?" he said`.
 *
 * @param language BCP 47 tag of the text, or null when unknown.
 */
export function sentences(text: string, language: string | null = null): TextRange[] {
  const segmenter = segmenterOf(language);
  const abbreviations = abbreviationsOf(language);
  const result: TextRange[] = [];
  for (const block of blocksOf(text)) {
    // Same length, so offsets stay: for UAX 29 every line break would end a sentence.
    const flat = text.slice(block.start, block.end).replace(/\s/g, ' ');
    let open: { start: number; end: number } | null = null;
    for (const { segment, index } of segmenter.segment(flat)) {
      const end = index + segment.length;
      if (open && !endsSentence(flat.slice(open.start, open.end), segment, abbreviations)) open.end = end;
      else {
        push(result, text, block.start, open);
        open = { start: index, end };
      }
    }
    push(result, text, block.start, open);
  }
  return result;
}

function segmenterOf(language: string | null): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language ?? 'en', { granularity: 'sentence' });
  } catch {
    // Books state languages that are no BCP 47 tags.
    return new Intl.Segmenter('en', { granularity: 'sentence' });
  }
}

function* blocksOf(text: string): Generator<TextRange> {
  let start = 0;
  for (const gap of text.matchAll(/\n[^\S\n]*\n\s*/g)) {
    if (gap.index > start) yield { start, end: gap.index };
    start = gap.index + gap[0].length;
  }
  if (start < text.length) yield { start, end: text.length };
}

function push(result: TextRange[], text: string, base: number, range: TextRange | null): void {
  if (!range) return;
  const raw = text.slice(base + range.start, base + range.end);
  const start = base + range.start + (raw.length - raw.trimStart().length);
  const end = base + range.end - (raw.length - raw.trimEnd().length);
  if (end > start) result.push({ start, end });
}

/** Whether a sentence really ends between two segments that Unicode's rules parted. */
function endsSentence(before: string, after: string, abbreviations: ReadonlySet<string>): boolean {
  if (/^[\p{Pf}\p{Pe}"'\s]*\p{Ll}/u.test(after)) return false;
  const trimmed = before.trimEnd();
  if (!trimmed.endsWith('.')) return true;
  // A number or a letter that stands alone is a heading's or a list's: "1. Introduction".
  if (/^[\p{Pi}\p{Ps}"'\s]*(\d{1,3}|\p{L})\.$/u.test(trimmed)) return false;
  const word = /([\p{L}\p{M}.]+)\.$/u.exec(trimmed)?.[1];
  if (!word) return true;
  if (abbreviations.has(word.toLowerCase())) return false;
  // Initials; "I" is nearly always the pronoun.
  return !/^\p{Lu}(\.\p{Lu})*$/u.test(word) || word === 'I';
}
