import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsStore } from '../features/settings/settingsStore.ts';

export type LeftTab = 'outline' | 'search';
export type Panel = 'left' | 'ask';
export type DialogName = 'settings' | 'model';

export interface ShellState {
  readonly leftTab: LeftTab;
  /** Below 1,000 px the panels lie over the book, one at a time. */
  readonly narrow: boolean;
  readonly overlay: Panel | null;
  readonly systemDark: boolean;
  readonly dialog: DialogName | null;
  /** Counts up when a field should be focused though it may be focused already. */
  readonly focusSearch: number;
  readonly focusAsk: number;
  setNarrow(narrow: boolean): void;
  setSystemDark(dark: boolean): void;
  setLeftTab(tab: LeftTab): void;
  toggle(panel: Panel): void;
  show(panel: Panel): void;
  closeOverlay(): void;
  find(): void;
  showDialog(dialog: DialogName | null): void;
}

export type ShellStore = StoreApi<ShellState>;

/** Which parts of the window are open. The panels of a wide window are kept in the settings. */
export function createShellStore(settings: SettingsStore): ShellStore {
  return createStore<ShellState>()((set, get) => {
    const isOpen = (panel: Panel): boolean => {
      const { panels } = settings.getState().settings;
      if (get().narrow) return get().overlay === panel;
      return panel === 'left' ? panels.outline : panels.chat;
    };
    const setOpen = (panel: Panel, open: boolean): void => {
      if (get().narrow) {
        set({ overlay: open ? panel : null });
        return;
      }
      const { panels } = settings.getState().settings;
      void settings.getState().save({
        panels: panel === 'left' ? { ...panels, outline: open } : { ...panels, chat: open },
      });
    };
    return {
      leftTab: 'outline',
      narrow: false,
      overlay: null,
      systemDark: false,
      dialog: null,
      focusSearch: 0,
      focusAsk: 0,
      setNarrow: (narrow) => set({ narrow, overlay: null }),
      setSystemDark: (systemDark) => set({ systemDark }),
      setLeftTab: (leftTab) => set({ leftTab }),
      toggle(panel) {
        const open = !isOpen(panel);
        setOpen(panel, open);
        if (panel === 'ask' && open) set({ focusAsk: get().focusAsk + 1 });
      },
      show(panel) {
        if (!isOpen(panel)) setOpen(panel, true);
      },
      closeOverlay: () => set({ overlay: null }),
      find() {
        get().show('left');
        set({ leftTab: 'search', focusSearch: get().focusSearch + 1 });
      },
      showDialog: (dialog) => set({ dialog }),
    };
  });
}
