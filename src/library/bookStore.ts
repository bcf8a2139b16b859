import { existsSync } from 'node:fs';
import type { BookCard } from '#shared/contract/index.ts';
import { type BookId, type BookInfo, bookId, leafIndex, type TextPosition } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import type { Database, Row } from './database.ts';

/** Books a person has opened, and where they left each of them. */
export class BookStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Puts an opened book on the list, or moves it to the top. Keeps its position.
   * @param textVersion Version of the text assembly: see `TEXT_VERSION`.
   * @returns whether texts stored earlier still hold: false for a new book and after a change of the text assembly.
   */
  opened(info: BookInfo, path: string, textVersion: number, openedAt: number): boolean {
    const known = this.#database.get('SELECT text_version, leaf_count FROM books WHERE id = ?', info.id);
    this.#database.run(
      `INSERT INTO books (id, title, author, format, path, leaf_count, opened_at, text_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, author = excluded.author, path = excluded.path,
         format = excluded.format, leaf_count = excluded.leaf_count, opened_at = excluded.opened_at,
         text_version = excluded.text_version`,
      info.id,
      info.title,
      info.author,
      info.format,
      path,
      info.leaves.length,
      openedAt,
      textVersion,
    );
    return known?.['text_version'] === textVersion && known['leaf_count'] === info.leaves.length;
  }

  /** Books on the list, the one opened last first. */
  list(): readonly BookCard[] {
    return this.#database.all('SELECT * FROM books ORDER BY opened_at DESC, key DESC').map(toCard);
  }

  find(id: BookId): BookCard | null {
    const row = this.#database.get('SELECT * FROM books WHERE id = ?', id);
    return row ? toCard(row) : null;
  }

  position(id: BookId): TextPosition | null {
    const row = this.#database.get('SELECT position_leaf, position_offset FROM books WHERE id = ?', id);
    return row ? toPosition(row) : null;
  }

  savePosition(id: BookId, position: TextPosition): void {
    this.#database.run(
      'UPDATE books SET position_leaf = ?, position_offset = ? WHERE id = ?',
      position.leaf,
      position.offset,
      id,
    );
  }

  /** The number under which the other tables know a book. @throws {InputError} `input/unknownBook` */
  key(id: BookId): number {
    const row = this.#database.get('SELECT key FROM books WHERE id = ?', id);
    if (!row) {
      throw new InputError('input/unknownBook', `No book ${id} is in the library.`, { advice: 'Open its file again.' });
    }
    return Number(row['key']);
  }

  /** Forgets a book with its texts and turns; its full-text index goes with `PassageStore.drop`. */
  remove(id: BookId): void {
    this.#database.run('DELETE FROM books WHERE id = ?', id);
  }
}

function toCard(row: Row): BookCard {
  const path = String(row['path']);
  return {
    id: bookId(String(row['id'])),
    title: String(row['title']),
    author: row['author'] === null ? null : String(row['author']),
    format: String(row['format']),
    path,
    leafCount: Number(row['leaf_count']),
    position: toPosition(row),
    openedAt: Number(row['opened_at']),
    present: existsSync(path),
  };
}

function toPosition(row: Row): TextPosition | null {
  if (row['position_leaf'] === null) return null;
  return { leaf: leafIndex(Number(row['position_leaf'])), offset: Number(row['position_offset']) };
}
