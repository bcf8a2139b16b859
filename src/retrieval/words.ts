/** Scripts that put no space between words: each letter is taken as a word of its own. */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}`;
const unspacedLetter = new RegExp(`[${UNSPACED}]`, 'gu');
const isUnspacedLetter = new RegExp(`^[${UNSPACED}]`, 'u');
const word = new RegExp(String.raw`[${UNSPACED}]|(?:(?![${UNSPACED}])[\p{L}\p{N}\p{M}])+`, 'gu');

/**
 * Lower case without accents, compatibility forms resolved: how words are compared. Only the
 * accents of Latin, Greek and Cyrillic go: a voicing mark makes another letter of a kana.
 */
export function foldWord(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

/** The words of a text as they stand; in scripts without spaces every letter is one. */
export function wordsOf(text: string): string[] {
  return text.match(word) ?? [];
}

export function isUnspaced(letterOrWord: string): boolean {
  return isUnspacedLetter.test(letterOrWord);
}

/**
 * What the full-text index is given for a passage: folded as queries are, so that both agree
 * whatever SQLite's tokenizer knows. It would take a run of Chinese or Japanese as one word,
 * so its letters are set apart; a query of several letters is then a phrase, which finds any
 * substring.
 */
export function indexableWords(text: string): string {
  return foldWord(text).replace(unspacedLetter, ' $& ');
}
