import type { AppState } from '#shared/contract/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { FetchMapTile } from '../bridge/fetchMapTile.ts';
import { createAnswerStore } from '../features/ask/answerStore.ts';
import { type AskStore, createAskStore } from '../features/ask/askStore.ts';
import { createBookStore } from '../features/book/bookStore.ts';
import { createExtractionStore } from '../features/book/extractionStore.ts';
import { createHistoryStore } from '../features/book/historyStore.ts';
import { createPositionStore } from '../features/book/positionStore.ts';
import { createLibraryStore } from '../features/library/libraryStore.ts';
import { createMapStore } from '../features/map/mapStore.ts';
import { createEngineStore } from '../features/models/engineStore.ts';
import { createOutlineStore } from '../features/outline/outlineStore.ts';
import { createSearchStore } from '../features/search/searchStore.ts';
import { resolveTheme } from '../features/settings/resolveTheme.ts';
import { createSettingsStore } from '../features/settings/settingsStore.ts';
import { runCommand } from './runCommand.ts';
import { runShortcut } from './runShortcut.ts';
import { createShellStore } from './shellStore.ts';
import type { Stores } from './stores.ts';

/** Extraction reports many leaves a second; counting them all each time would only slow it. */
const EXTRACTION_ESTIMATE_DELAY_MS = 1500;

/** Makes the stores and lets them follow the open book. */
export function createStores(bridge: Bridge, app: AppState, fetchTile: FetchMapTile): Stores {
  const settings = createSettingsStore(bridge, app.settings);
  const shell = createShellStore(settings);
  const engine = createEngineStore(bridge, app.engine, (model) => settings.getState().save({ model }));
  const position = createPositionStore(bridge);
  const history = createHistoryStore();
  const extraction = createExtractionStore(bridge);
  const book = createBookStore(bridge, {
    origin: app.origin,
    appearance: { theme: resolveTheme(app.settings.theme, false), textSizePx: app.settings.textSizePx },
    position,
    history,
    onShortcut: (shortcut) => runShortcut(stores, shortcut),
  });
  const outline = createOutlineStore();
  const search = createSearchStore(bridge);
  const map = createMapStore(bridge, fetchTile);
  // The stream hands its finished turn to the conversation, which is made after it.
  const answer = createAnswerStore(bridge, (turn) => ask.getState().ended(turn));
  const ask: AskStore = createAskStore(bridge, { book, position, answer });
  const library = createLibraryStore(bridge, (opened, password) => book.getState().open(opened, password));

  book.subscribe((now, before) => {
    if (now.book !== before.book) {
      const info = now.book?.info ?? null;
      extraction.getState().follow(info?.id ?? null, now.book?.leavesExtracted ?? 0, info?.leaves.length ?? 0);
      outline.getState().follow(info?.outline ?? []);
      search.getState().follow(info?.id ?? null);
      map.getState().close();
      void ask.getState().follow();
    } else if (now.selection !== before.selection) {
      ask.getState().select(now.selection);
    }
  });
  position.subscribe((now, before) => {
    if (now.position?.leaf !== before.position?.leaf) ask.getState().estimateSoon();
  });
  extraction.subscribe((now, before) => {
    if (now.leavesExtracted !== before.leavesExtracted && ask.getState().estimate?.status === 'partial') {
      ask.getState().estimateSoon(EXTRACTION_ESTIMATE_DELAY_MS);
    }
  });
  engine.subscribe((now, before) => {
    if (now.engine.state === 'ready' && before.engine.state === 'loading') ask.getState().estimateSoon();
  });

  const stores: Stores = {
    app,
    bridge,
    settings,
    shell,
    engine,
    library,
    book,
    position,
    history,
    extraction,
    outline,
    search,
    ask,
    answer,
    map,
  };
  bridge.on('openFile', ({ path }) => void library.getState().open(path));
  bridge.on('command', ({ name }) => runCommand(stores, name));
  return stores;
}
