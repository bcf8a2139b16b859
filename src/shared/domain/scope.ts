import type { TextSpan } from './book.ts';
import type { LeafIndex, SectionIndex } from './ids.ts';

/** What part of the book a question is about. */
export type Scope =
  | { readonly kind: 'selection'; readonly span: TextSpan }
  | { readonly kind: 'leaves'; readonly first: LeafIndex; readonly last: LeafIndex }
  | { readonly kind: 'section'; readonly section: SectionIndex }
  | { readonly kind: 'whole' };

/** What reading a scope would take, shown before anything is read. */
export interface ScopeEstimate {
  /** `partial`: not all of the text has been extracted yet, so the figures are a lower bound. */
  readonly status: 'ok' | 'partial';
  readonly tokens: number;
  readonly contextTokens: number;
  /** Whether all of the scope can be read; if not, sections of it are picked by search. */
  readonly fits: boolean;
  readonly cacheBytes: number;
  readonly denseFp16Bytes: number;
  readonly leavesExtracted: number;
  readonly leafCount: number;
}
