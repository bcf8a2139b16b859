/** The public door of retrieval: passages of a book, the full-text search over them, and which of them to read. */
export type { PassageIndex } from './passageIndex.ts';
export { type Candidate, pickPassages, spreadPassages } from './pickPassages.ts';
export { type QuestionTerm, questionTerms } from './questionTerms.ts';
export { type PassageRanking, rankPassages, type TermPresence } from './rankPassages.ts';
export { type SearchableBook, searchBook } from './searchBook.ts';
export { isBefore, sectionAt } from './sectionAt.ts';
export { splitPassages } from './splitPassages.ts';
export { stemWord } from './stemWord.ts';
export { stopWordsOf } from './stopWords.ts';
export { foldWord, indexableWords, isUnspaced, wordsOf } from './words.ts';
