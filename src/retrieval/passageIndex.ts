import type { TextSpan } from '#shared/domain/index.ts';

/**
 * What retrieval needs of the full-text index of one book. The library implements it; a
 * second index (embeddings) would join through `fuseRankings`.
 */
export interface PassageIndex {
  /** Passages that match an FTS5 expression, the best first. */
  match(expression: string, limit: number): readonly { readonly span: TextSpan; readonly score: number }[];
  /** The same in reading order, all of them. */
  matchInOrder(expression: string): readonly { readonly span: TextSpan }[];
  count(expression: string): number;
  /** Every passage of the book, in reading order. */
  spans(): readonly TextSpan[];
}
