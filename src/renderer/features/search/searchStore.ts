import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BookId, SearchHit, SearchResult } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

/** More hits than this are counted but not listed. */
export const MAX_LISTED_HITS = 1000;
/** Waits for the person to stop typing. */
export const SEARCH_DELAY_MS = 180;

export interface SearchState {
  readonly book: BookId | null;
  readonly query: string;
  readonly result: SearchResult | null;
  readonly busy: boolean;
  readonly error: ReaderError | null;
  /** The hit last gone to, or -1. */
  readonly current: number;
  follow(book: BookId | null): void;
  setQuery(query: string): void;
  /** Searches again at once: after more text was extracted, or to retry. */
  run(): Promise<void>;
  /** Chooses a hit and returns it; steps wrap around. */
  choose(index: number): SearchHit | null;
  step(by: 1 | -1): SearchHit | null;
}

export type SearchStore = StoreApi<SearchState>;

/** Full-text search in the open book. */
export function createSearchStore(bridge: Bridge): SearchStore {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let latest = 0;
  return createStore<SearchState>()((set, get) => ({
    book: null,
    query: '',
    result: null,
    busy: false,
    error: null,
    current: -1,
    follow(book) {
      latest += 1;
      set({ book, query: '', result: null, busy: false, error: null, current: -1 });
    },
    setQuery(query) {
      set({ query, current: -1 });
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void get().run(), SEARCH_DELAY_MS);
    },
    async run() {
      const { book, query } = get();
      const ticket = ++latest;
      if (!book || query.trim() === '') {
        set({ result: null, busy: false, error: null });
        return;
      }
      set({ busy: true, error: null });
      try {
        const result = await bridge.call('books.search', { book, query: query.trim(), limit: MAX_LISTED_HITS });
        // An older search that answers late must not replace a newer one.
        if (ticket === latest) set({ result, busy: false });
      } catch (thrown) {
        if (ticket === latest) set({ busy: false, error: toReaderError(thrown) });
      }
    },
    choose(index) {
      const hit = get().result?.hits[index] ?? null;
      if (hit) set({ current: index });
      return hit;
    },
    step(by) {
      const count = get().result?.hits.length ?? 0;
      if (count === 0) return null;
      return get().choose((get().current + by + count + (get().current < 0 && by < 0 ? 1 : 0)) % count);
    },
  }));
}
