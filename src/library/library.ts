import type { BookId } from '#shared/domain/index.ts';
import type { LibraryError } from '#shared/errors/index.ts';
import { BookStore } from './bookStore.ts';
import { ChatStore } from './chatStore.ts';
import type { Database } from './database.ts';
import { PassageStore } from './passageStore.ts';
import { SettingsStore } from './settingsStore.ts';
import { TextStore } from './textStore.ts';

/** Everything Proxima remembers, in one SQLite file. Made by `openLibrary`. */
export class Library {
  readonly books: BookStore;
  readonly texts: TextStore;
  readonly passages: PassageStore;
  readonly chats: ChatStore;
  readonly settings: SettingsStore;
  /** Set when the file on disk was damaged and a new library was started: show it to the person. */
  readonly damage: LibraryError | null;
  readonly #database: Database;

  constructor(database: Database, damage: LibraryError | null) {
    this.#database = database;
    this.damage = damage;
    this.books = new BookStore(database);
    this.texts = new TextStore(database, this.books);
    this.passages = new PassageStore(database, this.books);
    this.chats = new ChatStore(database, this.books);
    this.settings = new SettingsStore(database);
  }

  /** All of `work` is written, or none of it. */
  transaction<Result>(work: () => Result): Result {
    return this.#database.transaction(work);
  }

  /** Forgets the extracted text of a book, so that it is extracted anew. */
  forgetText(book: BookId): void {
    this.#database.transaction(() => {
      this.passages.drop(book);
      this.texts.drop(book);
    });
  }

  /** Forgets a book and everything kept about it. The book's own file is not touched. */
  removeBook(book: BookId): void {
    if (!this.books.find(book)) return;
    this.#database.transaction(() => {
      this.passages.drop(book);
      this.books.remove(book);
    });
  }

  dispose(): void {
    this.#database.dispose();
  }
}
