import type {
  AnswerId,
  BookId,
  BookInfo,
  ChatId,
  Evidence,
  LoadedModel,
  MapDescription,
  ModelCard,
  ModelFidelity,
  ModelId,
  NumberedAnswerEvent,
  PolicyChoice,
  ReadingAmount,
  Scope,
  ScopeEstimate,
  SearchResult,
  TextPosition,
} from '../domain/index.ts';
import type { WireError } from '../errors/index.ts';
import type { Device, DeviceName } from './devices.ts';

/** A book as the library lists it. */
export interface BookCard {
  readonly id: BookId;
  readonly title: string;
  readonly author: string | null;
  readonly format: string;
  readonly path: string;
  readonly leafCount: number;
  readonly position: TextPosition | null;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Whether the file is still where it was. */
  readonly present: boolean;
}

/** An open book, with where the person left it. */
export interface OpenedBook {
  readonly info: BookInfo;
  readonly path: string;
  readonly position: TextPosition | null;
  readonly leavesExtracted: number;
}

/** One question with its answer, as kept in the library. */
export interface ChatTurn {
  readonly answerId: AnswerId;
  readonly question: string;
  readonly scope: Scope;
  readonly answer: string;
  readonly state: 'finished' | 'failed' | 'cancelled';
  readonly statement: string;
  /** Whether the answer says that the text does not tell. */
  readonly notFound: boolean;
  readonly evidence: readonly Evidence[];
  /** Names and numbers of the answer that stand nowhere in what was read: see `AnswerEvent`. */
  readonly unsupportedWords: readonly string[];
  readonly model: string;
  readonly policy: string;
  readonly cacheBytes: number;
  readonly denseFp16Bytes: number;
  readonly askedAt: number;
}

export interface AppSettings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly model: ModelId;
  readonly policy: PolicyChoice;
  /** Where the model computes. */
  readonly device: DeviceName;
  /** Width of the side panels as a share of the window, and which are open. */
  readonly panels: { readonly outline: boolean; readonly chat: boolean };
  /** Size of the text of books without pages, in CSS pixels. */
  readonly textSizePx: number;
  /** Disk space for what models have read; takes effect when a model is loaded. */
  readonly cacheCapBytes: number;
}

export type EngineState =
  | { readonly state: 'noModel'; readonly wanted: ModelCard }
  | { readonly state: 'loading'; readonly share: number }
  | { readonly state: 'ready'; readonly model: LoadedModel }
  | { readonly state: 'answering'; readonly model: LoadedModel; readonly answerId: AnswerId }
  | { readonly state: 'failed'; readonly error: WireError };

/** How the app runs, for the about line and for reports. */
export interface AppState {
  readonly version: string;
  /** `electron`, or `chromium` where Electron's binary is not installed. */
  readonly host: string;
  readonly hostReason: string;
  /** Base of every bulk address: see `bulkUrls`. */
  readonly origin: string;
  readonly settings: AppSettings;
  readonly engine: EngineState;
  /** What was measured of models, by the product's makers or on this machine. */
  readonly fidelity: readonly ModelFidelity[];
}

/** What the main process offers to the window. Small JSON only; bulk bytes go through `bulkUrls`. */
export interface AppCalls {
  'app.state': { in: null; out: AppState };
  'app.saveSettings': { in: Partial<AppSettings>; out: AppSettings };
  /** Asks the person for files with the system's own dialog; empty when cancelled or when there is no such dialog. */
  'books.pick': { in: null; out: { readonly paths: readonly string[]; readonly dialogAvailable: boolean } };
  'books.list': { in: null; out: readonly BookCard[] };
  'books.open': { in: { readonly path: string; readonly password?: string }; out: OpenedBook };
  'books.openWelcome': { in: null; out: OpenedBook };
  'books.close': { in: { readonly book: BookId }; out: null };
  /** Takes a book off the list. The file is not touched. */
  'books.remove': { in: { readonly book: BookId }; out: null };
  'books.savePosition': { in: { readonly book: BookId; readonly position: TextPosition }; out: null };
  'books.search': { in: { readonly book: BookId; readonly query: string; readonly limit: number }; out: SearchResult };
  'ask.estimate': {
    in: { readonly book: BookId; readonly scope: Scope; readonly amount?: ReadingAmount };
    out: ScopeEstimate;
  };
  'ask.start': {
    in: {
      readonly book: BookId;
      readonly chat: ChatId | null;
      readonly question: string;
      readonly scope: Scope;
      readonly amount?: ReadingAmount;
    };
    out: { readonly answerId: AnswerId; readonly chat: ChatId };
  };
  'ask.stop': { in: { readonly answerId: AnswerId }; out: null };
  'chats.turns': { in: { readonly book: BookId }; out: readonly ChatTurn[] };
  'chats.clear': { in: { readonly book: BookId }; out: null };
  'maps.describe': { in: { readonly answerId: AnswerId }; out: MapDescription };
  /** Loads the chosen model (again): after a failure, or when its file has appeared. Progress comes as `engine` events. */
  'engine.load': { in: null; out: null };
  /** The devices that can be chosen on this machine, the processor first. */
  'engine.devices': { in: null; out: readonly Device[] };
  'models.list': { in: null; out: readonly ModelCard[] };
  /** Fetches a model from the first source that works; progress comes as events. */
  'models.fetch': { in: { readonly model: ModelId }; out: ModelCard };
  'models.cancelFetch': { in: { readonly model: ModelId }; out: null };
}

/** Progress of fetching a model file. */
export interface FetchProgress {
  readonly model: ModelId;
  readonly source: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly remainingMs: number | null;
}

/** What the main process tells the window unasked. */
export interface AppEvents {
  answer: readonly NumberedAnswerEvent[];
  extraction: {
    readonly book: BookId;
    readonly leavesExtracted: number;
    readonly leafCount: number;
    readonly remainingMs: number | null;
    readonly failed: WireError | null;
  };
  engine: EngineState;
  modelFetch: FetchProgress;
  /** The system asked for a file to be opened: a double click, or a path on the command line. */
  openFile: { readonly path: string };
  /** A menu entry or a shortcut of the system menu. */
  command: { readonly name: AppCommand };
}

export type AppCommand = 'open' | 'find' | 'toggleOutline' | 'toggleChat' | 'zoomIn' | 'zoomOut' | 'zoomReset';

export type AppCallName = keyof AppCalls;
export type AppEventName = keyof AppEvents;

/** Names of all calls, at run time: the preload and the main process check against it. */
export const appCallNames = [
  'app.state',
  'app.saveSettings',
  'books.pick',
  'books.list',
  'books.open',
  'books.openWelcome',
  'books.close',
  'books.remove',
  'books.savePosition',
  'books.search',
  'ask.estimate',
  'ask.start',
  'ask.stop',
  'chats.turns',
  'chats.clear',
  'maps.describe',
  'engine.load',
  'engine.devices',
  'models.list',
  'models.fetch',
  'models.cancelFetch',
] as const satisfies readonly AppCallName[];

export const appEventNames = [
  'answer',
  'extraction',
  'engine',
  'modelFetch',
  'openFile',
  'command',
] as const satisfies readonly AppEventName[];

/** Names that the lists above forgot; `ContractIsComplete` does not compile while there are any. */
type Missing = Exclude<AppCallName | AppEventName, (typeof appCallNames)[number] | (typeof appEventNames)[number]>;
type Complete<Names extends never> = Names;
export type ContractIsComplete = Complete<Missing>;

/** How a call's outcome crosses Electron's IPC, which would lose an error's class. */
export type CallOutcome<Output> =
  | { readonly ok: true; readonly output: Output }
  | { readonly ok: false; readonly error: WireError };

/** Exactly what the preload puts on `window.reader`. */
export interface ReaderBridge {
  call<Name extends AppCallName>(name: Name, input: AppCalls[Name]['in']): Promise<CallOutcome<AppCalls[Name]['out']>>;
  /** Returns a function that ends the subscription. */
  on<Name extends AppEventName>(name: Name, listener: (payload: AppEvents[Name]) => void): () => void;
  /**
   * Where a dropped `File` lies on disk (`webUtils.getPathForFile` in Electron's preload), or
   * null where the host cannot tell. Takes `unknown` because shared code knows no DOM.
   */
  pathOf(file: unknown): string | null;
}

/** The channels under the bridge. */
export const CALL_CHANNEL = 'reader:call';
export const EVENT_CHANNEL = 'reader:event';
