import type { OpenBook } from './openBook.ts';

/** An open book that is closed only when nobody is reading in it: a page must not fail because its file was shut. */
export class LeasedBook {
  readonly #book: Promise<OpenBook>;
  #readers = 0;
  #retired = false;

  constructor(book: Promise<OpenBook>) {
    this.#book = book;
  }

  async use<Result>(action: (book: OpenBook) => Result | Promise<Result>): Promise<Result> {
    this.#readers += 1;
    try {
      return await action(await this.#book);
    } finally {
      this.#readers -= 1;
      if (this.#retired && this.#readers === 0) void this.#close();
    }
  }

  /** Closes the book, now or when its last reader is done. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#readers === 0) await this.#close();
  }

  async #close(): Promise<void> {
    // One that could not be opened, or whose file is gone, needs no closing.
    await this.#book.then((book) => book.close()).catch(() => undefined);
  }
}
