import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BookId } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

export interface ExtractionState {
  readonly book: BookId | null;
  readonly leavesExtracted: number;
  readonly leafCount: number;
  readonly remainingMs: number | null;
  readonly failed: ReaderError | null;
  follow(book: BookId | null, leavesExtracted: number, leafCount: number): void;
  dispose(): void;
}

export type ExtractionStore = StoreApi<ExtractionState>;

/** How much of the open book's text has been read so far, in leaves. */
export function createExtractionStore(bridge: Bridge): ExtractionStore {
  const stops: (() => void)[] = [];
  const store = createStore<ExtractionState>()((set) => ({
    book: null,
    leavesExtracted: 0,
    leafCount: 0,
    remainingMs: null,
    failed: null,
    follow: (book, leavesExtracted, leafCount) =>
      set({ book, leavesExtracted, leafCount, remainingMs: null, failed: null }),
    dispose: () => {
      for (const stop of stops.splice(0)) stop();
    },
  }));
  stops.push(
    bridge.on('extraction', ({ book, leavesExtracted, leafCount, remainingMs, failed }) => {
      if (book !== store.getState().book) return;
      store.setState({ leavesExtracted, leafCount, remainingMs, failed: failed ? toReaderError(failed) : null });
    }),
  );
  return store;
}
