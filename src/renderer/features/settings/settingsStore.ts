import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppSettings } from '#shared/contract/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

export interface SettingsState {
  readonly settings: AppSettings;
  readonly error: ReaderError | null;
  /** Applies a change at once, and takes it back when it could not be kept. */
  save(change: Partial<AppSettings>): Promise<void>;
  dismissError(): void;
}

export type SettingsStore = StoreApi<SettingsState>;

/** What the person chose, mirrored from the main process. Changes seldom. */
export function createSettingsStore(bridge: Bridge, initial: AppSettings): SettingsStore {
  return createStore<SettingsState>()((set, get) => ({
    settings: initial,
    error: null,
    async save(change) {
      const before = get().settings;
      set({ settings: { ...before, ...change }, error: null });
      try {
        set({ settings: await bridge.call('app.saveSettings', change) });
      } catch (thrown) {
        set({ settings: before, error: toReaderError(thrown) });
      }
    },
    dismissError: () => set({ error: null }),
  }));
}
