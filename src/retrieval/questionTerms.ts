import { stemWord } from './stemWord.ts';
import { stopWordsOf } from './stopWords.ts';
import { foldWord, isUnspaced, wordsOf } from './words.ts';

/** A word of a question that tells what it is about. */
export interface QuestionTerm {
  /** As the person wrote it. */
  readonly word: string;
  /** Written like a name: it stands with a capital letter, and not at the start of the question. */
  readonly isName: boolean;
  /** FTS5 expression that finds the word in its forms. Safe: letters and digits inside quotation marks only. */
  readonly expression: string;
}

/**
 * The words of a natural question that are worth looking for: no stop words, none twice.
 * Of an English word all forms are looked for, of a name only the name and its plural. In
 * scripts without spaces every two neighbouring letters are one term.
 *
 * @param language BCP 47 tag of the book, or null when unknown.
 */
export function questionTerms(question: string, language: string | null): QuestionTerm[] {
  const stop = stopWordsOf(language);
  const isEnglish = (language ?? 'en').toLowerCase().startsWith('en');
  const words = wordsOf(question.replace(/['’]s\b/gu, ''));
  const terms = new Map<string, QuestionTerm>();
  words.forEach((word, place) => {
    const folded = foldWord(word);
    if (isUnspaced(word)) {
      const next = words[place + 1];
      if (next && isUnspaced(next)) {
        const expression = `"${folded} ${foldWord(next)}"`;
        terms.set(word + next, { word: word + next, isName: false, expression });
      }
      return;
    }
    if (stop.has(folded) || (folded.length < 2 && !/\d/.test(folded))) return;
    const isName = place > 0 && /^\p{Lu}/u.test(word);
    if (!terms.has(folded)) terms.set(folded, { word, isName, expression: expressionOf(folded, isName, isEnglish) });
  });
  return [...terms.values()];
}

/** One expression for passages that hold any of the terms; null without terms. */
export function anyOf(terms: readonly QuestionTerm[]): string | null {
  return terms.length === 0 ? null : terms.map((term) => term.expression).join(' OR ');
}

function expressionOf(folded: string, isName: boolean, isEnglish: boolean): string {
  if (isName || /\d/.test(folded)) return `("${folded}" OR "${folded}s")`;
  const stem = isEnglish ? stemWord(folded) : null;
  return stem ? `"${stem}" *` : `"${folded}"`;
}
