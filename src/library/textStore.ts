import { type BookId, type LeafIndex, type LeafText, leafIndex, type TextSource } from '#shared/domain/index.ts';
import type { BookStore } from './bookStore.ts';
import type { Database, Row } from './database.ts';

/** The plain text of leaves, kept so that a book is extracted once, even when Proxima is closed halfway. */
export class TextStore {
  readonly #database: Database;
  readonly #books: BookStore;

  constructor(database: Database, books: BookStore) {
    this.#database = database;
    this.#books = books;
  }

  /** Stores leaves, replacing what was there. */
  save(book: BookId, leaves: readonly LeafText[]): void {
    const key = this.#books.key(book);
    this.#database.transaction(() => {
      for (const { index, source, text } of leaves) {
        this.#database.run(
          'INSERT OR REPLACE INTO leaf_texts (book, leaf, source, text) VALUES (?, ?, ?, ?)',
          key,
          index,
          source,
          text,
        );
      }
    });
  }

  /** Indices of the stored leaves, in reading order. */
  stored(book: BookId): readonly LeafIndex[] {
    const key = this.#books.key(book);
    return this.#database
      .all('SELECT leaf FROM leaf_texts WHERE book = ? ORDER BY leaf', key)
      .map((row) => leafIndex(Number(row['leaf'])));
  }

  /** One leaf; null when it has not been extracted yet. */
  leaf(book: BookId, leaf: LeafIndex): LeafText | null {
    const key = this.#books.key(book);
    const row = this.#database.get('SELECT leaf, source, text FROM leaf_texts WHERE book = ? AND leaf = ?', key, leaf);
    return row ? toLeafText(row) : null;
  }

  /** The stored leaves from `first` to `last`, both included, in reading order. */
  range(book: BookId, first: LeafIndex, last: LeafIndex): readonly LeafText[] {
    const key = this.#books.key(book);
    return this.#database
      .all(
        'SELECT leaf, source, text FROM leaf_texts WHERE book = ? AND leaf BETWEEN ? AND ? ORDER BY leaf',
        key,
        first,
        last,
      )
      .map(toLeafText);
  }

  /** Letters in all stored leaves, in UTF-16 units as near as SQLite counts (code points). */
  characters(book: BookId): number {
    const key = this.#books.key(book);
    const row = this.#database.get('SELECT coalesce(sum(length(text)), 0) AS n FROM leaf_texts WHERE book = ?', key);
    return Number(row?.['n'] ?? 0);
  }

  drop(book: BookId): void {
    this.#database.run('DELETE FROM leaf_texts WHERE book = ?', this.#books.key(book));
  }
}

function toLeafText(row: Row): LeafText {
  return {
    index: leafIndex(Number(row['leaf'])),
    source: String(row['source']) as TextSource,
    text: String(row['text']),
  };
}
