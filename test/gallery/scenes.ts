import type { AppSettings, AppState, EngineState } from '#shared/contract/index.ts';
import { type AnswerEvent, answerId, chatId, type LoadedModel, modelId } from '#shared/domain/index.ts';
import { DocumentError, EngineError, ModelFileError, toWire } from '#shared/errors/index.ts';
import { type Answers, FakeBridge } from '../fakes/fakeBridge.ts';
import {
  notFoundTurn,
  quickCard,
  sampleCard,
  sampleEvidence,
  sampleModel,
  sampleOpened,
  sampleShelf,
  sampleTurn,
} from '../fakes/sampleBook.ts';
import { finishedEvent, startedEvent } from '../fakes/sampleEvents.ts';
import { sampleFidelity } from '../fakes/sampleFidelity.ts';
import { sampleMap } from '../fakes/sampleMap.ts';

/** A state of the window: what the main process says, and what a person then does. */
export interface Scene {
  readonly bridge: FakeBridge;
  readonly act?: () => Promise<void>;
}

const settings: AppSettings = {
  theme: 'system',
  model: modelId('default'),
  policy: 'pod+select',
  device: 'cpu',
  panels: { outline: true, chat: true },
  cacheCapBytes: 2 ** 31,
  textSizePx: 18,
};

const unplannedModel: LoadedModel = {
  ...sampleModel,
  path: '/home/ann/models/a-model-with-a-long-name-q4_k_m.gguf',
  fingerprint: 'other',
  policy: 'dense',
  planIds: { 'pod+select': 'dense', pod: 'dense', 'pod+int4': 'dense', dense: 'dense' },
};

const ready: EngineState = { state: 'ready', model: sampleModel };

function bridgeWith(engine: EngineState = ready, answers: Answers = {}): FakeBridge {
  const state: AppState = {
    version: '0.1.0',
    host: 'chromium',
    hostReason: 'Electron’s binary is not installed.',
    origin: location.origin,
    settings,
    engine,
    fidelity: [sampleFidelity],
  };
  return new FakeBridge({
    'app.state': () => state,
    'app.saveSettings': (change) => ({ ...settings, ...change }),
    'books.list': () => sampleShelf,
    'books.open': () => sampleOpened,
    'books.close': () => null,
    'books.savePosition': () => null,
    'books.search': ({ query }) => ({
      status: 'ok',
      total: 143,
      reason: null,
      hits: Array.from({ length: 60 }, (_, index) => ({
        span: { leaf: sampleOpened.info.leaves[20 + index]!.index, start: 4, end: 11 },
        leafLabel: `p. ${9 + index}`,
        sectionTitle: `Chapter ${1 + Math.floor(index / 6)}`,
        snippet: `…and when ${query} walked into the room she was surprised to find her sister there…`,
        marks: [[10, 10 + query.length]],
      })),
    }),
    'ask.estimate': ({ scope }) =>
      scope.kind === 'whole'
        ? {
            ...estimate,
            tokens: 171_204,
            readTokens: 2_900,
            fits: false,
            cacheBytes: 21_000_000,
            denseFp16Bytes: 35_700_000,
          }
        : estimate,
    'chats.turns': () => [],
    'ask.start': () => ({ answerId: answerId('live'), chat: chatId('c') }),
    'ask.stop': () => null,
    'maps.describe': () => sampleMap,
    'models.list': () => [sampleCard, quickCard],
    'models.fetch': () => new Promise(() => undefined),
    'engine.load': () => null,
    'engine.devices': () => ['cpu', 'directml', 'webgpu'],
    ...answers,
  });
}

const estimate = {
  status: 'ok' as const,
  tokens: 3412,
  readTokens: 3412,
  contextTokens: 32_768,
  fits: true,
  cacheBytes: 24_100_000,
  denseFp16Bytes: 41_900_000,
  leavesExtracted: 420,
  leafCount: 420,
};

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function press(selector: string): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) {
      element.click();
      await wait(120);
      return;
    }
    await wait(50);
  }
  throw new Error(`Nothing matches ${selector}.`);
}

/** Opens the first book; in a narrow window also the margin that is asked for. */
async function openBook(margin: 'ask' | 'left' | null = 'ask'): Promise<void> {
  await press('.shelf-book__open');
  await wait(500);
  if (window.innerWidth > 1040 || !margin) return;
  await press(margin === 'ask' ? '[aria-label="Ask about this book"]' : '[aria-label="Show contents"]');
  await wait(300);
}

function typeInto(selector: string, text: string): void {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
  if (!field) throw new Error(`Nothing matches ${selector}.`);
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Reflect.set(prototype, 'value', text, field);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

async function ask(bridge: FakeBridge, events: readonly AnswerEvent[]): Promise<void> {
  await openBook();
  typeInto('.question__field', 'Who is Mr. Collins?');
  await wait(50);
  await press('.question__send');
  bridge.emit(
    'answer',
    events.map((event, sequence) => ({ ...event, answerId: answerId('live'), sequence })),
  );
  await wait(300);
}

const started = startedEvent;
const reading: AnswerEvent = { type: 'reading', doneTokens: 4096, totalTokens: 9870, remainingMs: 34_000 };
const words: AnswerEvent = { type: 'token', text: `${sampleTurn.answer} He writes a long`, ids: [1] };
const finished: AnswerEvent = { ...finishedEvent, text: sampleTurn.answer, unsupportedWords: ['Netherfield'] };
const cited = sampleEvidence.map((evidence): AnswerEvent => ({ type: 'cited', evidence }));

const scene = (bridge: FakeBridge, act?: (bridge: FakeBridge) => Promise<void>): Scene =>
  act ? { bridge, act: () => act(bridge) } : { bridge };

const broken = new DocumentError('document/damaged', 'This PDF ends in the middle of page 14 of 210.', {
  advice: 'Fetch or copy the file again; what was saved is incomplete.',
});

/** Every state a person can meet. */
export const scenes: Readonly<Record<string, Scene>> = {
  shelf: scene(bridgeWith()),
  empty: scene(bridgeWith({ state: 'noModel', wanted: sampleCard }, { 'books.list': () => [] })),
  'open-failed': scene(
    bridgeWith(ready, {
      'books.open': () => {
        throw broken;
      },
    }),
    async () => press('.shelf-book__open'),
  ),
  book: scene(bridgeWith(), () => openBook(null)),
  contents: scene(bridgeWith(), () => openBook('left')),
  search: scene(bridgeWith(), async () => {
    await openBook('left');
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true }));
    await wait(200);
    typeInto('[aria-label="Search in this book"]', 'Elizabeth');
    await wait(500);
  }),
  'ask-restored': scene(bridgeWith(ready, { 'chats.turns': () => [sampleTurn, notFoundTurn] }), () => openBook()),
  'ask-reading': scene(bridgeWith(), (bridge) => ask(bridge, [started, reading])),
  'ask-streaming': scene(bridgeWith(), (bridge) => ask(bridge, [started, reading, words])),
  'ask-finished': scene(bridgeWith(), (bridge) => ask(bridge, [started, words, ...cited, finished])),
  'ask-failed': scene(bridgeWith(), (bridge) =>
    ask(bridge, [
      started,
      {
        type: 'failed',
        error: toWire(
          new EngineError('engine/crashed', 'The engine ran out of memory after 21,000 tokens.', {
            advice: 'Ask about a chapter, or close other programs.',
          }),
        ),
      },
    ]),
  ),
  'ask-whole': scene(bridgeWith(), async () => {
    await openBook();
    await press('.chips label:last-child input');
    await wait(500);
  }),
  map: scene(bridgeWith(), async (bridge) => {
    await ask(bridge, [started, words, ...cited, finished]);
    await press('.turn__map');
    await wait(700);
  }),
  'map-table': scene(bridgeWith(), async (bridge) => {
    await ask(bridge, [started, words, ...cited, finished]);
    await press('.turn__map');
    await press('.map__head .segments input[value="table"]');
    await wait(400);
  }),
  'map-unread': scene(bridgeWith(), async (bridge) => {
    await ask(bridge, [started, words, ...cited, finished]);
    await press('.turn__map');
    await press('.scrubber__words [data-token="4"]');
    await wait(400);
  }),
  'map-unread-table': scene(bridgeWith(), async (bridge) => {
    await ask(bridge, [started, words, ...cited, finished]);
    await press('.turn__map');
    await press('.scrubber__words [data-token="4"]');
    await press('.map__head .segments input[value="table"]');
    await wait(400);
  }),
  'no-model': scene(
    bridgeWith(
      { state: 'noModel', wanted: sampleCard },
      {
        'ask.estimate': () => {
          throw new ModelFileError('model/notFound', 'The model is not on this machine yet.', {
            advice: 'Fetch it on the command line.',
          });
        },
      },
    ),
    () => openBook(),
  ),
  fetching: scene(bridgeWith({ state: 'noModel', wanted: sampleCard }), async (bridge) => {
    await openBook();
    await press('.engine-card .button--primary');
    bridge.emit('modelFetch', {
      model: sampleCard.id,
      source: 'PyPI wheels',
      doneBytes: 171_000_000,
      totalBytes: sampleCard.fileBytes,
      remainingMs: 92_000,
    });
    await wait(300);
  }),
  loading: scene(bridgeWith({ state: 'loading', share: 0.42 }), () => openBook()),
  'engine-failed': scene(
    bridgeWith({
      state: 'failed',
      error: toWire(
        new EngineError('engine/crashed', 'The engine stopped while it loaded the model.', {
          advice: 'Try again; if it happens twice, choose the smaller model.',
        }),
      ),
    }),
    () => openBook(),
  ),
  settings: scene(bridgeWith(), async () => press('[aria-label="Settings"]')),
  'settings-unmeasured': scene(
    bridgeWith({ state: 'ready', model: { ...sampleModel, fingerprint: 'other' } }),
    async () => press('[aria-label="Settings"]'),
  ),
  'settings-no-plan': scene(bridgeWith({ state: 'ready', model: unplannedModel }), async () =>
    press('[aria-label="Settings"]'),
  ),
  'settings-no-model': scene(bridgeWith({ state: 'noModel', wanted: sampleCard }), async () =>
    press('[aria-label="Settings"]'),
  ),
  model: scene(bridgeWith(), async () => press('.engine-pill')),
};
