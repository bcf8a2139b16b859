import { type BookId, type LeafIndex, leafIndex, type TextSpan } from '#shared/domain/index.ts';
import type { BookStore } from './bookStore.ts';
import type { Database, Row } from './database.ts';

/** More passages in one leaf than any real file has: a leaf of 100 MB holds about 80,000. */
const PASSAGES_PER_LEAF = 2 ** 20;

/** A stretch of a leaf with the words it is to be found by. */
export interface IndexedPassage {
  readonly start: number;
  readonly end: number;
  /** What the index sees: the text, prepared by `retrieval` for scripts without spaces. */
  readonly words: string;
}

/** A passage that the index found. */
export interface PassageMatch {
  readonly span: TextSpan;
  /** Negated FTS5 `bm25()`: higher is better, comparable inside one query. */
  readonly score: number;
}

/**
 * The full-text index: one FTS5 table a book, so that word weights are those of the book and
 * not of the shelf, and removing a book is dropping a table. The tables are contentless
 * (the text lies in `leaf_texts`), and can be rebuilt from it.
 */
export class PassageStore {
  readonly #database: Database;
  readonly #books: BookStore;

  constructor(database: Database, books: BookStore) {
    this.#database = database;
    this.#books = books;
  }

  /** Indexes the passages of one leaf, replacing what the index had of it. */
  save(book: BookId, leaf: LeafIndex, passages: readonly IndexedPassage[]): void {
    const key = this.#books.key(book);
    const first = leaf * PASSAGES_PER_LEAF;
    this.#database.transaction(() => {
      const table = this.#make(key);
      const old = this.#database.get(
        'SELECT 1 FROM passages WHERE book = ? AND id >= ? AND id < ? LIMIT 1',
        key,
        first,
        first + PASSAGES_PER_LEAF,
      );
      if (old) {
        this.#database.run(`DELETE FROM ${table} WHERE rowid >= ? AND rowid < ?`, first, first + PASSAGES_PER_LEAF);
        this.#database.run('DELETE FROM passages WHERE book = ? AND leaf = ?', key, leaf);
      }
      passages.forEach(({ start, end, words }, ordinal) => {
        const id = first + ordinal;
        this.#database.run(
          'INSERT INTO passages (book, id, leaf, start, end) VALUES (?, ?, ?, ?, ?)',
          key,
          id,
          leaf,
          start,
          end,
        );
        this.#database.run(`INSERT INTO ${table} (rowid, words) VALUES (?, ?)`, id, words);
      });
    });
  }

  /**
   * Passages that match an FTS5 expression, the best first.
   * @param expression Must be made by `retrieval`: words of people would be read as operators.
   */
  match(book: BookId, expression: string, limit: number): readonly PassageMatch[] {
    const key = this.#books.key(book);
    const table = this.#existing(key);
    if (!table) return [];
    return this.#database
      .all(
        `SELECT p.leaf AS leaf, p.start AS start, p.end AS end, -f.rank AS score
         FROM ${table} AS f JOIN passages AS p ON p.book = ? AND p.id = f.rowid
         WHERE f.words MATCH ? ORDER BY f.rank LIMIT ?`,
        key,
        expression,
        limit,
      )
      .map(toMatch);
  }

  /** The same passages in reading order, as many as there are. */
  matchInOrder(book: BookId, expression: string): readonly PassageMatch[] {
    const key = this.#books.key(book);
    const table = this.#existing(key);
    if (!table) return [];
    return this.#database
      .all(
        `SELECT p.leaf AS leaf, p.start AS start, p.end AS end, 0 AS score
         FROM ${table} AS f JOIN passages AS p ON p.book = ? AND p.id = f.rowid
         WHERE f.words MATCH ? ORDER BY f.rowid`,
        key,
        expression,
      )
      .map(toMatch);
  }

  /** How many passages match. */
  count(book: BookId, expression: string): number {
    const table = this.#existing(this.#books.key(book));
    if (!table) return 0;
    const row = this.#database.get(`SELECT count(*) AS n FROM ${table} WHERE words MATCH ?`, expression);
    return Number(row?.['n'] ?? 0);
  }

  /** All passages of the book, in reading order. */
  spans(book: BookId): readonly TextSpan[] {
    return this.#database
      .all('SELECT leaf, start, end FROM passages WHERE book = ? ORDER BY id', this.#books.key(book))
      .map(toSpan);
  }

  drop(book: BookId): void {
    const key = this.#books.key(book);
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM passages WHERE book = ?', key);
      this.#database.forget(tableName(key));
      this.#database.execute(`DROP TABLE IF EXISTS ${tableName(key)}`);
    });
  }

  #make(key: number): string {
    const table = this.#existing(key);
    if (table) return table;
    this.#database.execute(
      `CREATE VIRTUAL TABLE ${tableName(key)} USING fts5 (
         words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2')`,
    );
    return tableName(key);
  }

  #existing(key: number): string | null {
    const row = this.#database.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", tableName(key));
    return row ? tableName(key) : null;
  }
}

const tableName = (key: number): string => `passage_words_${key}`;

const toSpan = (row: Row): TextSpan => ({
  leaf: leafIndex(Number(row['leaf'])),
  start: Number(row['start']),
  end: Number(row['end']),
});

const toMatch = (row: Row): PassageMatch => ({ span: toSpan(row), score: Number(row['score']) });
