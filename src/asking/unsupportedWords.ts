import { foldWord, wordsOf } from '#retrieval/index.ts';
import { sentences } from '#shared/text/index.ts';

/** Small numbers that a text may write as a word and an answer as a digit, or the other way round. */
const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

/**
 * Names and numbers of an answer that stand in none of the given texts: what a model makes
 * up when it does not know. A name is a word with a capital letter inside a sentence; the
 * first word of a sentence is capitalised anyway and tells nothing.
 *
 * @param known What was read, the question, titles: everything the answer may draw on.
 * @returns each word once, as the answer writes it, in order.
 */
export function unsupportedWords(answer: string, known: readonly string[], language: string | null): string[] {
  const words = new Set<string>();
  for (const text of known) for (const word of wordsOf(text)) words.add(foldWord(word));
  const found = new Map<string, string>();
  for (const { word, isFirst } of wordsInSentences(answer, language)) {
    const folded = foldWord(word);
    const isNumber = /^\d+$/.test(folded) || NUMBER_WORDS.indexOf(folded) > 1;
    const isName = !isFirst && /^\p{Lu}/u.test(word) && word !== 'I';
    if ((isNumber || isName) && !isKnown(folded, words)) found.set(folded, word);
  }
  return [...found.values()];
}

function isKnown(folded: string, words: ReadonlySet<string>): boolean {
  if (words.has(folded) || words.has(`${folded}s`)) return true;
  if (folded.endsWith('s') && words.has(folded.slice(0, -1))) return true;
  const asDigit = NUMBER_WORDS.indexOf(folded);
  if (asDigit >= 0) return words.has(String(asDigit));
  const asWord = NUMBER_WORDS[Number(folded)];
  return asWord !== undefined && words.has(asWord);
}

function* wordsInSentences(text: string, language: string | null): Generator<{ word: string; isFirst: boolean }> {
  for (const { start, end } of sentences(text, language)) {
    let isFirst = true;
    for (const word of wordsOf(text.slice(start, end).replace(/['’]s\b/gu, ''))) {
      yield { word, isFirst };
      isFirst = false;
    }
  }
}
