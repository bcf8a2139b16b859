import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OutlineEntry } from '#shared/domain/index.ts';

/** Below this many entries the whole tree is unfolded at the start. */
const UNFOLD_ALL_BELOW = 60;

export interface OutlineState {
  readonly outline: readonly OutlineEntry[];
  readonly filter: string;
  readonly expanded: ReadonlySet<number>;
  follow(outline: readonly OutlineEntry[]): void;
  setFilter(filter: string): void;
  toggle(index: number): void;
  unfold(indexes: readonly number[]): void;
}

export type OutlineStore = StoreApi<OutlineState>;

/** The table of contents: what of it is unfolded, and the filter over it. */
export function createOutlineStore(): OutlineStore {
  return createStore<OutlineState>()((set, get) => ({
    outline: [],
    filter: '',
    expanded: new Set(),
    follow: (outline) =>
      set({
        outline,
        filter: '',
        expanded: new Set(outline.length <= UNFOLD_ALL_BELOW ? outline.map((_, index) => index) : []),
      }),
    setFilter: (filter) => set({ filter }),
    toggle(index) {
      const expanded = new Set(get().expanded);
      if (!expanded.delete(index)) expanded.add(index);
      set({ expanded });
    },
    unfold(indexes) {
      const { expanded } = get();
      if (indexes.every((index) => expanded.has(index))) return;
      set({ expanded: new Set([...expanded, ...indexes]) });
    },
  }));
}
