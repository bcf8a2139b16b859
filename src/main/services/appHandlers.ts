import { join } from 'node:path';
import type { AppState } from '../../shared/contract/index.ts';
import { ReaderError } from '../../shared/errors/index.ts';
import type { ElectronParts } from '../electronParts.ts';
import type { AppHandlers } from '../ipc/appHandlers.ts';
import type { AppServices } from './appServices.ts';

export interface AppHandlersOptions {
  readonly services: AppServices;
  readonly dialog: ElectronParts['dialog'];
  readonly resourcesDir: string;
  readonly about: Pick<AppState, 'version' | 'host' | 'hostReason' | 'origin'>;
  /** Called when a page has asked for the state: it listens to events from now on. */
  readonly onPageReady: () => void;
}

const BOOK_EXTENSIONS = ['pdf', 'epub', 'txt', 'text', 'md', 'markdown'];

/** What each call of the contract does. */
export function appHandlers(options: AppHandlersOptions): AppHandlers {
  const { services, dialog, resourcesDir, about, onPageReady } = options;
  const { settings, shelf, library, models, fidelity, fetches, engine, engineProcess, asking } = services;
  return {
    'app.state': () => {
      setImmediate(onPageReady);
      return { ...about, settings: settings.read(), engine: engine.state, fidelity };
    },
    'app.saveSettings': (changes) => {
      const before = settings.read();
      const after = settings.save(changes);
      if ((['model', 'policy', 'device'] as const).some((name) => after[name] !== before[name])) engine.start();
      return after;
    },
    'books.pick': () => pickBooks(dialog),
    'books.list': () => shelf.list(),
    'books.open': ({ path, password }) => shelf.open(path, { password }),
    'books.openWelcome': () => shelf.open(join(resourcesDir, 'welcome.md')),
    'books.close': ({ book }) => shelf.close(book).then(nothing),
    'books.remove': ({ book }) => shelf.remove(book).then(nothing),
    'books.savePosition': ({ book, position }) => none(() => shelf.savePosition(book, position)),
    'books.search': ({ book, query, limit }) => shelf.search(book, query, limit),
    'ask.estimate': (request) => asking.estimate(request),
    'ask.start': (request) => asking.start(request),
    'ask.stop': ({ answerId }) => none(() => asking.stop(answerId)),
    'chats.turns': ({ book }) => library.chats.turns(book),
    'chats.clear': ({ book }) => none(() => library.chats.clear(book)),
    'maps.describe': ({ answerId }) => engineProcess.call('describeMap', { answerId }),
    'engine.load': () => engine.ready().then(nothing),
    'engine.devices': () => engineProcess.call('devices', null),
    'models.list': () => models.list(),
    'models.fetch': async ({ model }) => {
      const card = await fetches.fetch(model);
      if (model === settings.read().model) engine.start();
      return card;
    },
    'models.cancelFetch': ({ model }) => none(() => fetches.cancel(model)),
  };
}

async function pickBooks(dialog: ElectronParts['dialog']) {
  try {
    const chosen = await dialog.showOpenDialog({
      title: 'Open a document',
      properties: ['openFile', 'multiSelections'],
      filters: [{ name: 'Documents', extensions: BOOK_EXTENSIONS }],
    });
    return { paths: chosen.canceled ? [] : chosen.filePaths, dialogAvailable: true };
  } catch (thrown) {
    if (thrown instanceof ReaderError && thrown.code === 'host/unavailable')
      return { paths: [], dialogAvailable: false };
    throw thrown;
  }
}

const nothing = (): null => null;

function none(work: () => void): null {
  work();
  return null;
}
