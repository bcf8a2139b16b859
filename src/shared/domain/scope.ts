import type { TextSpan } from './book.ts';
import type { LeafIndex, SectionIndex } from './ids.ts';

/** What part of the book a question is about. */
export type Scope =
  | { readonly kind: 'selection'; readonly span: TextSpan }
  | { readonly kind: 'leaves'; readonly first: LeafIndex; readonly last: LeafIndex }
  | { readonly kind: 'section'; readonly section: SectionIndex }
  | { readonly kind: 'whole' };

/**
 * How much of a whole book is read for a question. Reading costs time (a long context takes
 * minutes on a small machine), so a person chooses.
 * `brief`: passages picked by search, up to `BRIEF_READING_TOKENS`. `full`: as much as the context and the memory hold.
 * Pages, chapters and selections are always read in full. @default 'brief'
 */
export type ReadingAmount = 'brief' | 'full';

/** What reading a scope would take, shown before anything is read. */
export interface ScopeEstimate {
  /** `partial`: not all of the text has been extracted yet, so the figures are a lower bound. */
  readonly status: 'ok' | 'partial';
  readonly tokens: number;
  readonly contextTokens: number;
  /** Whether all of the scope can be read; if not, sections of it are picked by search. */
  readonly fits: boolean;
  /** How many of the tokens would be read for a question asked now; fewer than `tokens` when passages are picked. */
  readonly readTokens: number;
  /** Of the tokens that would be read. */
  readonly cacheBytes: number;
  readonly denseFp16Bytes: number;
  readonly leavesExtracted: number;
  readonly leafCount: number;
}
