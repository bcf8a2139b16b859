import type { TextSpan } from './book.ts';
import type { SectionIndex } from './ids.ts';

/** A stretch of the book's text that search found or that the model was given to read. */
export interface Passage {
  readonly span: TextSpan;
  readonly section: SectionIndex;
  readonly sectionTitle: string;
  readonly text: string;
  /** Higher is better; comparable only inside one result. */
  readonly score: number;
}

/** A line of a hit list: the words around the hit, and which of them are the hit. */
export interface SearchHit {
  readonly span: TextSpan;
  readonly leafLabel: string;
  readonly sectionTitle: string;
  /** Words around the hit, on one line. */
  readonly snippet: string;
  /** `[start, end)` of the hits inside `snippet`. */
  readonly marks: readonly (readonly [number, number])[];
}

/**
 * What a search gave. A result says how it is: `partial` while text is still being
 * extracted, `notIndexed` when none has been, and `reason` tells a person what that means.
 */
export interface SearchResult {
  readonly status: 'ok' | 'partial' | 'notIndexed';
  readonly hits: readonly SearchHit[];
  /** All hits in the book, also those beyond the asked limit. */
  readonly total: number;
  readonly reason: string | null;
}
