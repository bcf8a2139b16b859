import { sentences, type TextRange } from '#shared/text/index.ts';

/**
 * Letters of a passage, about 300 tokens of English: long enough to be understood alone,
 * short enough that ten of them from different places fit a brief reading.
 */
export const PASSAGE_CHARACTERS = 1_200;
/** A sentence longer than this (a table, a list without full stops) is cut at white space. */
const MAX_SENTENCE_CHARACTERS = 2 * PASSAGE_CHARACTERS;

/**
 * Cuts the text of one leaf into passages of about `PASSAGE_CHARACTERS`, at ends of
 * sentences. Passages are in order, do not overlap, and hold every word.
 *
 * @param language BCP 47 tag of the text, or null when unknown.
 */
export function splitPassages(text: string, language: string | null): TextRange[] {
  const passages: { start: number; end: number }[] = [];
  for (const range of sentences(text, language).flatMap((sentence) => cutLong(text, sentence))) {
    const last = passages.at(-1);
    if (last && range.end - last.start <= PASSAGE_CHARACTERS) last.end = range.end;
    else passages.push({ start: range.start, end: range.end });
  }
  // A short rest at the end of a leaf joins the passage before it.
  const rest = passages.at(-1);
  const before = passages.at(-2);
  if (rest && before && rest.end - rest.start < PASSAGE_CHARACTERS / 4) {
    before.end = rest.end;
    passages.pop();
  }
  return passages;
}

function cutLong(text: string, sentence: TextRange): TextRange[] {
  const pieces: TextRange[] = [];
  let { start } = sentence;
  while (sentence.end - start > MAX_SENTENCE_CHARACTERS) {
    const space = text.lastIndexOf(' ', start + PASSAGE_CHARACTERS);
    const newline = text.lastIndexOf('\n', start + PASSAGE_CHARACTERS);
    let end = Math.max(space, newline);
    if (end <= start) end = start + PASSAGE_CHARACTERS;
    pieces.push({ start, end });
    start = end;
    while (start < sentence.end && /\s/.test(text[start] ?? '')) start += 1;
  }
  if (start < sentence.end) pieces.push({ start, end: sentence.end });
  return pieces;
}
