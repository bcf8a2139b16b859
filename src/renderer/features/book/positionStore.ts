import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BookId, TextPosition } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';

/** Scrolling reports places many times a second; the library is told once it rests. */
export const SAVE_DELAY_MS = 800;

export interface PositionState {
  readonly book: BookId | null;
  readonly position: TextPosition | null;
  readonly leafLabel: string;
  /** Starts following another book. What was not yet saved of the last one is saved now. */
  follow(book: BookId | null, position: TextPosition | null): void;
  moved(position: TextPosition, leafLabel: string): void;
  /** Saves now what waits to be saved. */
  flush(): void;
}

export type PositionStore = StoreApi<PositionState>;

/** Where the person is in the open book. A store of its own, since it changes with every scroll. */
export function createPositionStore(bridge: Bridge): PositionStore {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return createStore<PositionState>()((set, get) => {
    const flush = (): void => {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      const { book, position } = get();
      // A place that could not be saved is no reason to disturb reading; the next one is tried again.
      if (book && position) bridge.call('books.savePosition', { book, position }).catch(() => null);
    };
    return {
      book: null,
      position: null,
      leafLabel: '',
      follow(book, position) {
        flush();
        set({ book, position, leafLabel: '' });
      },
      moved(position, leafLabel) {
        set({ position, leafLabel });
        if (timer !== null) clearTimeout(timer);
        timer = setTimeout(flush, SAVE_DELAY_MS);
      },
      flush,
    };
  });
}
