import type { LeafIndex, SearchHit, SearchResult, Section, TextSpan } from '#shared/domain/index.ts';
import { findWords } from './findWords.ts';
import type { PassageIndex } from './passageIndex.ts';
import { sectionAt } from './sectionAt.ts';
import { snippetAround } from './snippetAround.ts';
import { foldWord, wordsOf } from './words.ts';

/** What a search looks into. */
export interface SearchableBook {
  readonly index: PassageIndex;
  readonly sections: readonly Section[];
  /** Leaves extracted so far, and leaves of the book. */
  readonly leavesExtracted: number;
  readonly leafCount: number;
  text(leaf: LeafIndex): string;
  label(leaf: LeafIndex): string;
}

/**
 * Finds words as they are typed: every place where they stand one after the other, case and
 * accents aside, the last one perhaps unfinished. When they stand nowhere together, passages
 * that hold all of them are the hits.
 *
 * @param limit How many hits are described; `total` counts all of them.
 */
export function searchBook(book: SearchableBook, query: string, limit: number): SearchResult {
  const words = wordsOf(query).map(foldWord);
  const state = extractionState(book);
  if (words.length === 0 || state.status === 'notIndexed') return { ...state, hits: [], total: 0 };
  let spans = together(book, words);
  if (spans.length === 0 && words.length > 1) spans = anywhereInPassage(book, words);
  return { ...state, total: spans.length, hits: spans.slice(0, limit).map((span) => describe(book, span, words)) };
}

function extractionState({ leavesExtracted, leafCount }: SearchableBook): Pick<SearchResult, 'status' | 'reason'> {
  if (leavesExtracted >= leafCount) return { status: 'ok', reason: null };
  if (leavesExtracted === 0) {
    return { status: 'notIndexed', reason: 'The text of this book has not been read yet. It is being read now.' };
  }
  return {
    status: 'partial',
    reason: `Searched ${leavesExtracted.toLocaleString('en')} of ${leafCount.toLocaleString('en')} parts; the rest is still being read.`,
  };
}

/** Places where the words follow each other, in reading order. */
function together(book: SearchableBook, words: readonly string[]): TextSpan[] {
  const leaves = words
    .map((word, place) => {
      const expression = place === words.length - 1 ? `"${word}" *` : `"${word}"`;
      return new Set(book.index.matchInOrder(expression).map(({ span }) => span.leaf));
    })
    .reduce((one, other) => new Set([...one].filter((leaf) => other.has(leaf))));
  return [...leaves]
    .sort((one, other) => one - other)
    .flatMap((leaf) => findWords(book.text(leaf), words).map((range) => ({ leaf, ...range })));
}

/** Passages that hold all of the words, in any order. */
function anywhereInPassage(book: SearchableBook, words: readonly string[]): TextSpan[] {
  const expression = words
    .map((word, place) => (place === words.length - 1 ? `"${word}" *` : `"${word}"`))
    .join(' AND ');
  return book.index.matchInOrder(expression).map(({ span }) => span);
}

function describe(book: SearchableBook, span: TextSpan, words: readonly string[]): SearchHit {
  const { leaf, start, end } = span;
  return {
    span,
    leafLabel: book.label(leaf),
    sectionTitle: sectionAt(book.sections, { leaf, offset: start })?.title ?? '',
    ...snippetAround(book.text(leaf), { start, end }, words),
  };
}
