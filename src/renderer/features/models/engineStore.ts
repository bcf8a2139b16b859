import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Device, EngineState, FetchProgress } from '#shared/contract/index.ts';
import type { ModelCard, ModelId } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

export interface EngineStoreState {
  readonly engine: EngineState;
  readonly models: readonly ModelCard[];
  /** What a model can compute on here; only the processor until it was asked for. */
  readonly devices: readonly Device[];
  /** The fetch in progress, with a zeroed report until the first one comes. */
  readonly fetching: FetchProgress | null;
  readonly error: ReaderError | null;
  refreshModels(): Promise<void>;
  refreshDevices(): Promise<void>;
  /** Fetches a model file, then loads it. Stopping it is no error. */
  fetchModel(model: ModelCard): Promise<void>;
  cancelFetch(): Promise<void>;
  /** Loads the chosen model (again). */
  load(): Promise<void>;
  dismissError(): void;
  dispose(): void;
}

export type EngineStore = StoreApi<EngineStoreState>;

/** The state of the engine and of the model files on disk. */
export function createEngineStore(
  bridge: Bridge,
  initial: EngineState,
  choose: (model: ModelId) => Promise<void>,
): EngineStore {
  const stops: (() => void)[] = [];
  const store = createStore<EngineStoreState>()((set, get) => ({
    engine: initial,
    models: [],
    devices: ['cpu'],
    fetching: null,
    error: null,
    async refreshModels() {
      try {
        set({ models: await bridge.call('models.list', null) });
      } catch (thrown) {
        set({ error: toReaderError(thrown) });
      }
    },
    async refreshDevices() {
      try {
        set({ devices: await bridge.call('engine.devices', null) });
      } catch (thrown) {
        set({ error: toReaderError(thrown) });
      }
    },
    async fetchModel(model) {
      if (get().fetching) return;
      set({
        fetching: { model: model.id, source: '', doneBytes: 0, totalBytes: model.fileBytes, remainingMs: null },
        error: null,
      });
      try {
        await bridge.call('models.fetch', { model: model.id });
        set({ fetching: null });
        await choose(model.id);
        await get().refreshModels();
        await get().load();
      } catch (thrown) {
        const error = toReaderError(thrown);
        set({ fetching: null, error: error.code === 'call/cancelled' ? null : error });
      }
    },
    async cancelFetch() {
      const { fetching } = get();
      if (fetching) await bridge.call('models.cancelFetch', { model: fetching.model }).catch(() => null);
    },
    async load() {
      try {
        set({ error: null });
        await bridge.call('engine.load', null);
      } catch (thrown) {
        set({ error: toReaderError(thrown) });
      }
    },
    dismissError: () => set({ error: null }),
    dispose: () => {
      for (const stop of stops.splice(0)) stop();
    },
  }));
  stops.push(
    bridge.on('engine', (engine) => store.setState({ engine })),
    bridge.on('modelFetch', (fetching) => {
      // A report may arrive after the fetch was stopped; it must not bring the bar back.
      if (store.getState().fetching) store.setState({ fetching });
    }),
  );
  return store;
}
