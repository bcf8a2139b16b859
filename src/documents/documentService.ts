import type { DocumentCalls } from '#shared/contract/index.ts';
import type { BookId, BookInfo, LeafIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { hashFile } from './hashFile.ts';
import { LeastRecentlyUsed } from './leastRecentlyUsed.ts';
import type { OpenBook } from './openBook.ts';
import { openDocument } from './openDocument.ts';

/** Books kept open at once. A closed one is opened again by its path when it is asked for. */
const MAX_OPEN_BOOKS = 6;

interface Known {
  readonly path: string;
  readonly password: string | undefined;
}

/**
 * The handlers of `DocumentCalls`, for a process of their own or inside a test. Books that
 * were asked for longest ago are closed when there are many, and come back by themselves.
 */
export class DocumentService implements AsyncDisposable {
  readonly #known = new Map<BookId, Known>();
  readonly #open = new LeastRecentlyUsed<BookId, Promise<OpenBook>>(MAX_OPEN_BOOKS, (book) => void closeQuietly(book));

  readonly handlers: Handlers<DocumentCalls> = {
    open: ({ path, password }) => this.#openPath(path, password),
    readAll: async ({ book: id, from, skip }, { signal, report }) => {
      const { info } = await this.#book(id);
      let leaves = 0;
      for (const leaf of outwards(info, from, skip)) {
        signal.throwIfAborted();
        // Asked for each time: a book that is closed meanwhile ends the reading.
        const book = await this.#book(id);
        await report(await book.readLeaf(leaf));
        leaves += 1;
        await turn();
      }
      return { leaves };
    },
    read: async ({ book: id, leaves }) => {
      const book = await this.#book(id);
      return Promise.all(leaves.map((leaf) => book.readLeaf(leaf)));
    },
    anchor: async ({ book: id, spans }) => {
      const book = await this.#book(id);
      return Promise.all(spans.map((span) => book.anchor(span)));
    },
    resolve: async ({ book: id, anchor }) => (await this.#book(id)).resolve(anchor),
    markup: async ({ book: id, leaf }) => (await this.#book(id)).markup(leaf),
    resource: async ({ book: id, href }) => (await this.#book(id)).resource(href),
    close: async ({ book: id }) => {
      this.#known.delete(id);
      const book = this.#open.take(id);
      if (book) await closeQuietly(book);
      return null;
    },
  };

  /** Closes every book. */
  async [Symbol.asyncDispose](): Promise<void> {
    const books = [...this.#open.values()];
    this.#known.clear();
    await Promise.all(books.map(closeQuietly));
  }

  async #openPath(path: string, password: string | undefined): Promise<BookInfo> {
    for (const [id, known] of this.#known) {
      if (known.path !== path || known.password !== password) continue;
      // The file may have been replaced since: its bytes decide.
      if ((await hashFile(path).catch(() => null)) === id) return (await this.#book(id)).info;
    }
    const book = await openDocument(path, { password });
    const { id } = book.info;
    const before = this.#open.take(id);
    if (before) await closeQuietly(before);
    this.#known.set(id, { path, password });
    this.#open.set(id, Promise.resolve(book));
    return book.info;
  }

  #book(id: BookId): Promise<OpenBook> {
    const open = this.#open.get(id);
    if (open) return open;
    const known = this.#known.get(id);
    if (!known) {
      throw new InputError('input/unknownBook', 'This book is not open.', { advice: 'Open its file again.' });
    }
    const again = openDocument(known.path, { password: known.password });
    this.#open.set(id, again);
    again.catch(() => this.#open.take(id));
    return again;
  }
}

/** All leaves but those to skip: first `from`, then the nearest ones, those after it before those in front of it. */
function* outwards(info: BookInfo, from: LeafIndex, skip: readonly LeafIndex[] = []): Generator<LeafIndex> {
  const skipped = new Set(skip);
  const count = info.leaves.length;
  const start = Math.min(Math.max(0, from), count - 1);
  for (let distance = 0; distance < count; distance++) {
    for (const index of distance === 0 ? [start] : [start + distance, start - distance]) {
      const leaf = info.leaves[index]?.index;
      if (leaf !== undefined && !skipped.has(leaf)) yield leaf;
    }
  }
}

/** A turn of the event loop, so that other calls are answered while a book is being read. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function closeQuietly(book: Promise<OpenBook>): Promise<void> {
  // One that could not be opened, or whose file is gone, needs no closing.
  await book.then((opened) => opened.close()).catch(() => undefined);
}
