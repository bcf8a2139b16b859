import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TextPosition } from '#shared/domain/index.ts';

/** More steps back than anyone takes. */
const MAX_STEPS = 100;

export interface HistoryState {
  readonly back: readonly TextPosition[];
  readonly forward: readonly TextPosition[];
  /** Notes the place a jump starts from. */
  push(from: TextPosition | null): void;
  /** Takes a step back from `here`; null when there is none. */
  stepBack(here: TextPosition | null): TextPosition | null;
  stepForward(here: TextPosition | null): TextPosition | null;
  clear(): void;
}

export type HistoryStore = StoreApi<HistoryState>;

/** Places left by jumps, for Back and Forward. Scrolling leaves no trace, as in a browser. */
export function createHistoryStore(): HistoryStore {
  return createStore<HistoryState>()((set, get) => ({
    back: [],
    forward: [],
    push(from) {
      if (from) set({ back: [...get().back, from].slice(-MAX_STEPS), forward: [] });
    },
    stepBack(here) {
      const { back, forward } = get();
      const target = back.at(-1);
      if (!target) return null;
      set({ back: back.slice(0, -1), forward: here ? [...forward, here] : forward });
      return target;
    },
    stepForward(here) {
      const { back, forward } = get();
      const target = forward.at(-1);
      if (!target) return null;
      set({ forward: forward.slice(0, -1), back: here ? [...back, here] : back });
      return target;
    },
    clear: () => set({ back: [], forward: [] }),
  }));
}
