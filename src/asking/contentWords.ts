import { foldWord, stemWord, stopWordsOf, wordsOf } from '#retrieval/index.ts';

/** The words of a text that carry meaning, in the form by which different inflections compare equal. */
export function contentWords(text: string, language: string | null): Set<string> {
  const stop = stopWordsOf(language);
  const words = new Set<string>();
  for (const word of wordsOf(text.replace(/['’]s\b/gu, ''))) {
    const folded = foldWord(word);
    if (stop.has(folded)) continue;
    words.add(stemWord(folded) ?? folded);
  }
  return words;
}
