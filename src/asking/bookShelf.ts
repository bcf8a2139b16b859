import { searchBook } from '#retrieval/index.ts';
import type { BookCard, DocumentCalls, OpenedBook } from '#shared/contract/index.ts';
import {
  type BookId,
  type BookInfo,
  type LeafIndex,
  type LeafText,
  leafIndex,
  type SearchResult,
  type TextPosition,
} from '#shared/domain/index.ts';
import { InputError, ReaderError, toWire, type WireError } from '#shared/errors/index.ts';
import { TEXT_VERSION } from '#shared/text/textVersion.ts';
import { type ExtractionProgress, extractText, storeLeaves } from './extraction.ts';
import { libraryIndex } from './libraryIndex.ts';
import type { ShelfServices } from './services.ts';

/** How far the text of a book has been read, or why that stopped. */
export interface ExtractionState extends ExtractionProgress {
  readonly book: BookId;
  readonly failed: WireError | null;
}

interface ShelvedBook {
  readonly info: BookInfo;
  readonly path: string;
  readonly password: string | undefined;
  stop: AbortController;
  extraction: Promise<void>;
}

/**
 * The books that are open: their text goes to the library in the background, and is found
 * there by search and by questions. Outlives the document process: when that dies, a book is
 * opened in the new one as soon as it is needed.
 */
export class BookShelf {
  readonly #services: ShelfServices;
  readonly #open = new Map<BookId, ShelvedBook>();
  readonly #listeners = new Set<(state: ExtractionState) => void>();

  constructor(services: ShelfServices) {
    this.#services = services;
  }

  /** Books a person has opened before, the last one first. */
  list(): readonly BookCard[] {
    return this.#services.library.books.list();
  }

  /**
   * Opens a file, or takes the open one again; returns before its text is extracted, which
   * goes on in the background.
   * @throws {DocumentError} `document/*`
   */
  async open(
    path: string,
    { password, signal }: { password?: string | undefined; signal?: AbortSignal } = {},
  ): Promise<OpenedBook> {
    const { documents, library } = this.#services;
    const input = password === undefined ? { path } : { path, password };
    const info = await documents.call('open', input, { signal });
    const isCurrent = library.books.opened(info, path, TEXT_VERSION, Date.now());
    if (!isCurrent) library.forgetText(info.id);
    if (!this.#open.has(info.id)) {
      const book: ShelvedBook = { info, path, password, stop: new AbortController(), extraction: Promise.resolve() };
      this.#open.set(info.id, book);
      this.#extract(book);
    }
    const position = library.books.position(info.id);
    return { info, path, position, leavesExtracted: library.texts.stored(info.id).length };
  }

  /** @throws {InputError} `input/unknownBook` when the book is not open. */
  info(book: BookId): BookInfo {
    return this.#shelved(book).info;
  }

  /** Where the file of an open book lies. @throws {InputError} `input/unknownBook` */
  path(book: BookId): string {
    return this.#shelved(book).path;
  }

  savePosition(book: BookId, position: TextPosition): void {
    this.#services.library.books.savePosition(book, position);
  }

  /** Finds words in what has been extracted so far. */
  search(book: BookId, query: string, limit: number): SearchResult {
    const { info } = this.#shelved(book);
    const { library } = this.#services;
    return searchBook(
      {
        index: libraryIndex(library, book),
        sections: info.sections,
        leavesExtracted: library.texts.stored(book).length,
        leafCount: info.leaves.length,
        text: (leaf) => library.texts.leaf(book, leaf)?.text ?? '',
        label: (leaf) => info.leaves[leaf]?.label ?? '',
      },
      query,
      limit,
    );
  }

  /** Tells how extraction goes on, for every open book. @returns ends the subscription */
  onExtraction(listener: (state: ExtractionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits until the whole text of a book is in the library; starts again when that failed before.
   * @throws {ReaderError} why it could not be extracted, or `call/cancelled`.
   */
  async extracted(book: BookId, signal?: AbortSignal): Promise<void> {
    const shelved = this.#shelved(book);
    await cancellable(shelved.extraction, signal);
    if (this.#services.library.texts.stored(book).length >= shelved.info.leaves.length) return;
    await this.#reopened(book, () => Promise.resolve());
    this.#extract(shelved);
    await cancellable(shelved.extraction, signal);
    const stored = this.#services.library.texts.stored(book).length;
    if (stored < shelved.info.leaves.length) {
      throw new InputError(
        'input/invalid',
        `Only ${stored} of ${shelved.info.leaves.length} parts of the text could be read.`,
        { advice: 'Ask about a page or a chapter that can be read, or open the file again.' },
      );
    }
  }

  /** Leaves from `first` to `last`: from the library, or read now when they are not there yet. */
  async leaves(book: BookId, first: LeafIndex, last: LeafIndex, signal?: AbortSignal): Promise<readonly LeafText[]> {
    const { info } = this.#shelved(book);
    const { library } = this.#services;
    const stored = new Set(library.texts.range(book, first, last).map(({ index }) => index));
    const missing: LeafIndex[] = [];
    for (let leaf: number = first; leaf <= last; leaf++) {
      if (!stored.has(leafIndex(leaf))) missing.push(leafIndex(leaf));
    }
    if (missing.length > 0) {
      const read = await this.callDocuments(book, 'read', { book, leaves: missing }, signal);
      storeLeaves(this.#services, info, read);
    }
    return library.texts.range(book, first, last);
  }

  /** Calls the document service about an open book; opens it there again when the service was started anew. */
  callDocuments<Name extends 'read' | 'anchor' | 'resolve' | 'markup' | 'resource'>(
    book: BookId,
    name: Name,
    input: DocumentCalls[Name]['in'],
    signal?: AbortSignal,
  ): Promise<DocumentCalls[Name]['out']> {
    return this.#reopened(book, () => this.#services.documents.call(name, input, { signal }));
  }

  /** Closes a book. What was extracted of it stays in the library. */
  async close(book: BookId): Promise<void> {
    const shelved = this.#open.get(book);
    if (!shelved) return;
    this.#open.delete(book);
    shelved.stop.abort();
    await shelved.extraction;
    try {
      await this.#services.documents.call('close', { book });
    } catch (thrown) {
      // A service that is gone has closed everything already.
      if (!(thrown instanceof ReaderError)) throw thrown;
    }
  }

  /** Takes a book off the list with everything kept about it. The file is not touched. */
  async remove(book: BookId): Promise<void> {
    await this.close(book);
    this.#services.library.removeBook(book);
  }

  /** Stops all background work. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((book) => this.close(book)));
    this.#listeners.clear();
  }

  #shelved(book: BookId): ShelvedBook {
    const shelved = this.#open.get(book);
    if (!shelved) {
      throw new InputError('input/unknownBook', `No open book has the id ${book}.`, { advice: 'Open the file again.' });
    }
    return shelved;
  }

  #extract(book: ShelvedBook): void {
    const { id } = book.info;
    let last: ExtractionProgress = { leavesExtracted: 0, leafCount: book.info.leaves.length, remainingMs: null };
    const tell = (failed: WireError | null): void => {
      for (const listener of this.#listeners) listener({ book: id, ...last, failed });
    };
    const { signal } = book.stop;
    const from = this.#services.library.books.position(id)?.leaf ?? leafIndex(0);
    book.extraction = extractText(this.#services, book.info, from, {
      signal,
      onProgress: (progress) => {
        last = progress;
        tell(null);
      },
    }).catch((thrown: unknown) => {
      if (!signal.aborted) tell(toWire(thrown));
    });
  }

  async #reopened<Output>(book: BookId, work: () => Promise<Output>): Promise<Output> {
    const { path, password } = this.#shelved(book);
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof ReaderError) || !isLostBook(thrown)) throw thrown;
      await this.#services.documents.call('open', password === undefined ? { path } : { path, password });
      return work();
    }
  }
}

/** The document service does not know the book any more: it was started anew. */
function isLostBook({ code }: Pick<ReaderError, 'code'>): boolean {
  return code === 'input/unknownBook' || code === 'call/disconnected';
}

function cancellable(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('Stopped.'));
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
