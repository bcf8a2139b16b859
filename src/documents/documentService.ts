import type { DocumentCalls } from '#shared/contract/index.ts';
import type { BookId, BookInfo, LeafIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { hashFile } from './hashFile.ts';
import { LeasedBook } from './leasedBook.ts';
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
  readonly #open = new LeastRecentlyUsed<BookId, LeasedBook>(MAX_OPEN_BOOKS, (book) => void book.retire());

  readonly handlers: Handlers<DocumentCalls> = {
    open: ({ path, password }) => this.#openPath(path, password),
    readAll: async ({ book: id, from, skip }, { signal, report }) => {
      const info = await this.#use(id, (book) => book.info);
      let leaves = 0;
      for (const leaf of outwards(info, from, skip)) {
        signal.throwIfAborted();
        // Asked for each time: a book that is closed meanwhile ends the reading.
        await report(await this.#use(id, (book) => book.readLeaf(leaf)));
        leaves += 1;
        await turn();
      }
      return { leaves };
    },
    read: ({ book: id, leaves }) => this.#use(id, (book) => Promise.all(leaves.map((leaf) => book.readLeaf(leaf)))),
    anchor: ({ book: id, spans }) => this.#use(id, (book) => Promise.all(spans.map((span) => book.anchor(span)))),
    resolve: ({ book: id, anchor }) => this.#use(id, (book) => book.resolve(anchor)),
    markup: ({ book: id, leaf }) => this.#use(id, (book) => book.markup(leaf)),
    resource: ({ book: id, href }) => this.#use(id, (book) => book.resource(href)),
    close: async ({ book: id }) => {
      this.#known.delete(id);
      await this.#open.take(id)?.retire();
      return null;
    },
  };

  /** Closes every book. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#known.clear();
    await Promise.all([...this.#open.values()].map((book) => book.retire()));
  }

  async #openPath(path: string, password: string | undefined): Promise<BookInfo> {
    for (const [id, known] of this.#known) {
      if (known.path !== path || known.password !== password) continue;
      // The file may have been replaced since: its bytes decide.
      if ((await hashFile(path).catch(() => null)) === id) return this.#use(id, (book) => book.info);
    }
    const book = await openDocument(path, { password });
    const { id } = book.info;
    await this.#open.take(id)?.retire();
    this.#known.set(id, { path, password });
    this.#open.set(id, new LeasedBook(Promise.resolve(book)));
    return book.info;
  }

  async #use<Result>(id: BookId, action: (book: OpenBook) => Result | Promise<Result>): Promise<Result> {
    return (this.#open.get(id) ?? this.#openAgain(id)).use(action);
  }

  #openAgain(id: BookId): LeasedBook {
    const known = this.#known.get(id);
    if (!known) throw notOpen();
    const opening = openSame(id, known);
    const leased = new LeasedBook(opening);
    this.#open.set(id, leased);
    opening.catch(() => {
      if (this.#open.get(id) === leased) this.#open.take(id);
    });
    return leased;
  }
}

/** Opens a book again by its path, if the file still is that book. */
async function openSame(id: BookId, { path, password }: Known): Promise<OpenBook> {
  const book = await openDocument(path, { password });
  if (book.info.id === id) return book;
  await book.close();
  throw notOpen();
}

function notOpen(): InputError {
  return new InputError('input/unknownBook', 'This book is not open, or its file has changed since.', {
    advice: 'Open its file again.',
  });
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
