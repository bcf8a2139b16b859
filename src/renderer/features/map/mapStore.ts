import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AnswerId, MapDescription, MapTile, MapTileRequest } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import type { FetchMapTile } from '../../bridge/fetchMapTile.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';

/** As many columns as the distant zone has pixels on a wide screen. */
export const DISTANT_COLUMNS = 512;
/** Tiles kept, so that going back over the answer needs no second fetch: some 30 KB each. */
const MAX_TILES = 96;

export type Pooling = MapTileRequest['pooling'];

export interface MapState {
  readonly answerId: AnswerId | null;
  readonly description: MapDescription | null;
  /** The answer token looked at, counted from 0. */
  readonly token: number;
  readonly pooling: Pooling;
  readonly showSinks: boolean;
  readonly tile: MapTile | null;
  readonly loading: boolean;
  readonly error: ReaderError | null;
  open(answerId: AnswerId): Promise<void>;
  close(): void;
  setToken(token: number): void;
  setPooling(pooling: Pooling): void;
  setShowSinks(show: boolean): void;
  retry(): void;
}

export type MapStore = StoreApi<MapState>;

/** The attention map of one answer, tile by tile: big numbers are pulled when they are looked at. */
export function createMapStore(bridge: Bridge, fetchTile: FetchMapTile): MapStore {
  const tiles = new Map<string, MapTile>();
  let running: AbortController | null = null;

  return createStore<MapState>()((set, get) => {
    const load = async (): Promise<void> => {
      running?.abort();
      const { answerId, token, pooling, description } = get();
      if (!answerId || !description || description.answerTokens === 0) return;
      const key = `${answerId}/${token}/${pooling}`;
      const known = tiles.get(key);
      if (known) {
        set({ tile: known, loading: false, error: null });
        return;
      }
      const controller = new AbortController();
      running = controller;
      set({ loading: true, error: null });
      try {
        const request = { answerToken: token, distantColumns: DISTANT_COLUMNS, pooling };
        const tile = await fetchTile(answerId, request, controller.signal);
        if (controller.signal.aborted) return;
        tiles.set(key, tile);
        const [oldest] = tiles.keys();
        if (tiles.size > MAX_TILES && oldest !== undefined) tiles.delete(oldest);
        set({ tile, loading: false });
      } catch (thrown) {
        if (!controller.signal.aborted) set({ loading: false, error: toReaderError(thrown) });
      }
    };
    const describe = async (answerId: AnswerId): Promise<void> => {
      try {
        const description = await bridge.call('maps.describe', { answerId });
        if (get().answerId !== answerId) return;
        set({ description });
        await load();
      } catch (thrown) {
        if (get().answerId === answerId) set({ loading: false, error: toReaderError(thrown) });
      }
    };
    return {
      answerId: null,
      description: null,
      token: 0,
      pooling: 'max',
      showSinks: false,
      tile: null,
      loading: false,
      error: null,
      async open(answerId) {
        running?.abort();
        set({ answerId, description: null, token: 0, tile: null, loading: true, error: null });
        await describe(answerId);
      },
      close() {
        running?.abort();
        set({ answerId: null, description: null, tile: null, loading: false, error: null });
      },
      setToken(token) {
        const last = (get().description?.answerTokens ?? 1) - 1;
        set({ token: Math.max(0, Math.min(last, token)) });
        void load();
      },
      setPooling(pooling) {
        set({ pooling });
        void load();
      },
      setShowSinks: (showSinks) => set({ showSinks }),
      retry() {
        const { answerId, description } = get();
        if (answerId && !description) void get().open(answerId);
        else void load();
      },
    };
  });
}
