import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BookCard, OpenedBook } from '#shared/contract/index.ts';
import type { BookId } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

/** A file that asks for a password, and whether one was already tried. */
export interface PasswordRequest {
  readonly path: string;
  readonly wrong: boolean;
}

export interface LibraryState {
  readonly status: 'loading' | 'ready';
  readonly books: readonly BookCard[];
  /** The path being opened, or `welcome`. */
  readonly opening: string | null;
  readonly error: ReaderError | null;
  /** What could not be opened, so that the field can be filled with it again. */
  readonly failedPath: string | null;
  readonly password: PasswordRequest | null;
  /** False once the host said that it has no file dialog: then a path field is offered. */
  readonly dialogAvailable: boolean;
  refresh(): Promise<void>;
  pick(): Promise<void>;
  open(path: string, password?: string): Promise<void>;
  openWelcome(): Promise<void>;
  openDropped(file: File): Promise<void>;
  remove(book: BookId): Promise<void>;
  dismissError(): void;
  dismissPassword(): void;
}

export type LibraryStore = StoreApi<LibraryState>;

/** The shelf: recent books, and the ways to open another. */
export function createLibraryStore(
  bridge: Bridge,
  onOpened: (book: OpenedBook, password?: string) => void,
): LibraryStore {
  return createStore<LibraryState>()((set, get) => {
    const opened = (book: OpenedBook, password?: string): void => {
      set({ opening: null, password: null, failedPath: null });
      onOpened(book, password);
      void get().refresh();
    };
    return {
      status: 'loading',
      books: [],
      opening: null,
      error: null,
      failedPath: null,
      password: null,
      dialogAvailable: true,
      async refresh() {
        try {
          set({ books: await bridge.call('books.list', null), status: 'ready' });
        } catch (thrown) {
          set({ status: 'ready', error: toReaderError(thrown) });
        }
      },
      async pick() {
        try {
          const { paths, dialogAvailable } = await bridge.call('books.pick', null);
          set({ dialogAvailable });
          const [first] = paths;
          if (first !== undefined) await get().open(first);
        } catch (thrown) {
          set({ error: toReaderError(thrown) });
        }
      },
      async open(path, password) {
        set({ opening: path, error: null });
        try {
          opened(await bridge.call('books.open', password === undefined ? { path } : { path, password }), password);
        } catch (thrown) {
          const error = toReaderError(thrown);
          if (error.code === 'document/encrypted') {
            set({ opening: null, password: { path, wrong: password !== undefined } });
          } else {
            set({ opening: null, password: null, error, failedPath: path });
          }
        }
      },
      async openWelcome() {
        set({ opening: 'welcome', error: null });
        try {
          opened(await bridge.call('books.openWelcome', null));
        } catch (thrown) {
          set({ opening: null, error: toReaderError(thrown) });
        }
      },
      async openDropped(file) {
        const path = bridge.pathOf(file);
        if (path !== null) await get().open(path);
        // Without a path there is nothing to open yet, but the name is a start for the path field.
        else set({ dialogAvailable: false, failedPath: file.name, error: null });
      },
      async remove(book) {
        const before = get().books;
        set({ books: before.filter((card) => card.id !== book) });
        try {
          await bridge.call('books.remove', { book });
        } catch (thrown) {
          set({ books: before, error: toReaderError(thrown) });
        }
      },
      dismissError: () => set({ error: null }),
      dismissPassword: () => set({ password: null }),
    };
  });
}
