import type { Library } from '#library/index.ts';
import type { PassageIndex } from '#retrieval/index.ts';
import type { BookId } from '#shared/domain/index.ts';

/** The full-text index of one book in the library, as retrieval wants it. */
export function libraryIndex({ passages }: Library, book: BookId): PassageIndex {
  return {
    match: (expression, limit) => passages.match(book, expression, limit),
    matchInOrder: (expression) => passages.matchInOrder(book, expression),
    count: (expression) => passages.count(book, expression),
    spans: () => passages.spans(book),
  };
}
