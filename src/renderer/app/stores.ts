import type { AppState } from '#shared/contract/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { AnswerStore } from '../features/ask/answerStore.ts';
import type { AskStore } from '../features/ask/askStore.ts';
import type { BookStore } from '../features/book/bookStore.ts';
import type { ExtractionStore } from '../features/book/extractionStore.ts';
import type { HistoryStore } from '../features/book/historyStore.ts';
import type { PositionStore } from '../features/book/positionStore.ts';
import type { LibraryStore } from '../features/library/libraryStore.ts';
import type { MapStore } from '../features/map/mapStore.ts';
import type { EngineStore } from '../features/models/engineStore.ts';
import type { OutlineStore } from '../features/outline/outlineStore.ts';
import type { SearchStore } from '../features/search/searchStore.ts';
import type { SettingsStore } from '../features/settings/settingsStore.ts';
import type { ShellStore } from './shellStore.ts';

/** Every store of the window, one for each feature and each speed of change. */
export interface Stores {
  readonly app: Pick<AppState, 'version' | 'host' | 'hostReason' | 'origin' | 'fidelity'>;
  readonly bridge: Bridge;
  readonly settings: SettingsStore;
  readonly shell: ShellStore;
  readonly engine: EngineStore;
  readonly library: LibraryStore;
  readonly book: BookStore;
  readonly position: PositionStore;
  readonly history: HistoryStore;
  readonly extraction: ExtractionStore;
  readonly outline: OutlineStore;
  readonly search: SearchStore;
  readonly ask: AskStore;
  readonly answer: AnswerStore;
  readonly map: MapStore;
}
