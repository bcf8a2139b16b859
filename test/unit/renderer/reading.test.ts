import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStores } from '../../../src/renderer/app/createStores.ts';
import { runShortcut } from '../../../src/renderer/app/runShortcut.ts';
import type { Stores } from '../../../src/renderer/app/stores.ts';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import type { FrameLink } from '../../../src/renderer/bridge/frameLink.ts';
import { ESTIMATE_DELAY_MS } from '../../../src/renderer/features/ask/askStore.ts';
import { SAVE_DELAY_MS } from '../../../src/renderer/features/book/positionStore.ts';
import { answerId, chatId, leafIndex, type ScopeEstimate } from '../../../src/shared/domain/index.ts';
import { CallError, EngineError } from '../../../src/shared/errors/index.ts';
import { type Answers, FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleApp } from '../../fakes/sampleApp.ts';
import { sampleOpened, sampleTurn } from '../../fakes/sampleBook.ts';

const estimate: ScopeEstimate = {
  status: 'ok',
  tokens: 10,
  readTokens: 10,
  contextTokens: 100,
  fits: true,
  cacheBytes: 1,
  denseFp16Bytes: 2,
  leavesExtracted: 420,
  leafCount: 420,
};
const place = (leaf: number) => ({ leaf: leafIndex(leaf), offset: 0 });

/** A frame's side of the link that notes what it is told. */
class FakeFrame implements FrameLink {
  readonly told: { name: string; input: unknown }[] = [];
  disposed = false;
  call: FrameLink['call'] = (name, input) => {
    this.told.push({ name, input });
    return Promise.resolve({ scale: 1.25, firstPaintMs: 1, workerIsReal: true } as never);
  };
  dispose(): void {
    this.disposed = true;
  }
}

let fake: FakeBridge;
let stores: Stores;
let frame: FakeFrame;

async function start(answers: Answers = {}): Promise<void> {
  fake = new FakeBridge({
    'app.saveSettings': (change) => ({ ...sampleApp.settings, ...change }),
    'books.list': () => [],
    'books.open': () => sampleOpened,
    'books.close': () => null,
    'books.savePosition': () => null,
    'chats.turns': () => [sampleTurn],
    'ask.estimate': () => estimate,
    'ask.start': () => ({ answerId: answerId('live'), chat: chatId('c1') }),
    'ask.stop': () => null,
    ...answers,
  });
  stores = createStores(createBridge(fake), sampleApp, () => Promise.reject(new Error('no tiles here')));
  await stores.library.getState().open('/book.pdf');
  frame = new FakeFrame();
  stores.book.getState().attach(frame);
  stores.book.getState().frameEvent({ type: 'ready' });
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  stores.answer.getState().dispose();
  vi.useRealTimers();
});

describe('an open book', () => {
  it('is shown where it was left, with its earlier turns', async () => {
    await start();
    expect(frame.told[0]).toMatchObject({ name: 'show', input: { position: sampleOpened.position } });
    expect(stores.book.getState().frame).toBe('shown');
    expect(stores.ask.getState().turns).toMatchObject([{ question: sampleTurn.question, hasMap: false }]);
  });

  it('saves the place once scrolling rests, and at once when it is closed', async () => {
    await start();
    for (const leaf of [90, 91, 92]) {
      stores.book.getState().frameEvent({ type: 'position', position: place(leaf), leafLabel: '' });
    }
    expect(fake.inputsOf('books.savePosition')).toEqual([]);
    await vi.advanceTimersByTimeAsync(SAVE_DELAY_MS);
    expect(fake.inputsOf('books.savePosition')).toEqual([{ book: sampleOpened.info.id, position: place(92) }]);
    stores.book.getState().frameEvent({ type: 'position', position: place(99), leafLabel: '' });
    await stores.book.getState().close();
    expect(fake.inputsOf('books.savePosition').at(-1)?.position).toEqual(place(99));
  });

  it('goes back to where a jump began, and forward again', async () => {
    await start();
    const at = (leaf: number): void =>
      stores.book.getState().frameEvent({ type: 'position', position: place(leaf), leafLabel: '' });
    at(10);
    stores.book.getState().jump(place(200));
    at(200);
    stores.book.getState().goBack();
    at(10);
    stores.book.getState().goForward();
    expect(frame.told.filter(({ name }) => name === 'goTo').map(({ input }) => input)).toEqual([
      place(200),
      place(10),
      place(200),
    ]);
  });

  it('shows an address that leads out, and follows nothing', async () => {
    await start();
    const before = fake.calls.length;
    stores.book.getState().frameEvent({ type: 'externalLink', url: 'https://example.org' });
    expect(stores.book.getState().externalLink).toBe('https://example.org');
    expect(fake.calls).toHaveLength(before);
    expect(frame.told.filter(({ name }) => name === 'goTo')).toEqual([]);
  });

  it('survives the loss of its frame, and comes back at the same place', async () => {
    await start();
    stores.book.getState().frameEvent({ type: 'position', position: place(123), leafLabel: '' });
    stores.book
      .getState()
      .frameLost(new CallError('call/disconnected', 'The process has ended.', { advice: 'Reload the book.' }));
    expect(stores.book.getState()).toMatchObject({
      frame: 'failed',
      frameError: { message: 'The process has ended.' },
    });
    expect(frame.disposed).toBe(true);
    expect(stores.ask.getState().turns).toHaveLength(1);
    stores.book.getState().reloadFrame();
    const next = new FakeFrame();
    stores.book.getState().attach(next);
    stores.book.getState().frameEvent({ type: 'ready' });
    expect(next.told[0]).toMatchObject({ name: 'show', input: { position: place(123) } });
  });

  it('hears keys pressed inside the book', async () => {
    await start();
    const key = { key: 'f', ctrl: true, shift: false, alt: false };
    stores.book.getState().frameEvent({ type: 'shortcut', shortcut: key });
    expect(stores.shell.getState().leftTab).toBe('search');
    expect(runShortcut(stores, { ...key, key: 'y' })).toBe(false);
  });
});

describe('asking', () => {
  it('asks about the chapter one is in, once the question is taken clears the field, and goes on in the same chat', async () => {
    await start();
    stores.ask.getState().setDraft('Who is Mr. Collins?');
    await stores.ask.getState().ask();
    expect(fake.inputsOf('ask.start')).toEqual([
      {
        book: sampleOpened.info.id,
        chat: null,
        question: 'Who is Mr. Collins?',
        scope: { kind: 'section', section: 12 },
        amount: 'brief',
      },
    ]);
    expect(stores.ask.getState().draft).toBe('');
    fake.emit('answer', [{ type: 'cancelled', answerId: answerId('live'), sequence: 0 }]);
    await stores.ask.getState().ask({ question: 'And his wife?', scope: { kind: 'whole' } });
    expect(fake.inputsOf('ask.start')[1]).toMatchObject({ chat: 'c1', scope: { kind: 'whole' } });
  });

  it('keeps the question when it could not be asked', async () => {
    await start({
      'ask.start': () => {
        throw new EngineError('engine/notLoaded', 'No model is loaded.', { advice: 'Fetch one.' });
      },
    });
    stores.ask.getState().setDraft('Who?');
    await stores.ask.getState().ask();
    expect(stores.ask.getState()).toMatchObject({ draft: 'Who?', error: { advice: 'Fetch one.' } });
    expect(stores.answer.getState().phase).toBe('idle');
  });

  it('asks nothing without words, and only one question at a time', async () => {
    await start();
    stores.ask.getState().setDraft('  ');
    await stores.ask.getState().ask();
    stores.ask.getState().setDraft('One?');
    await Promise.all([stores.ask.getState().ask(), stores.ask.getState().ask()]);
    expect(fake.inputsOf('ask.start')).toHaveLength(1);
  });

  it('stops an answer that was stopped before it had a name', async () => {
    let take: (value: { answerId: ReturnType<typeof answerId>; chat: ReturnType<typeof chatId> }) => void = () => {};
    await start({
      'ask.start': () =>
        new Promise((resolve) => {
          take = resolve;
        }),
    });
    stores.ask.getState().setDraft('Who?');
    const asking = stores.ask.getState().ask();
    await stores.ask.getState().stop();
    expect(fake.inputsOf('ask.stop')).toEqual([]);
    take({ answerId: answerId('live'), chat: chatId('c') });
    await asking;
    expect(fake.inputsOf('ask.stop')).toEqual([{ answerId: 'live' }]);
  });

  it('keeps a chosen selection when the click into the question field clears it in the book', async () => {
    await start();
    const span = { leaf: leafIndex(3), start: 1, end: 9 };
    stores.book.getState().frameEvent({ type: 'selection', span, text: 'a passage' });
    stores.ask.getState().setScope('selection');
    stores.book.getState().frameEvent({ type: 'selection', span: null, text: '' });
    await vi.advanceTimersByTimeAsync(ESTIMATE_DELAY_MS);
    expect(fake.inputsOf('ask.estimate').at(-1)?.scope).toEqual({ kind: 'selection', span });
  });

  it('measures the scope once for many turned pages', async () => {
    await start();
    await vi.advanceTimersByTimeAsync(ESTIMATE_DELAY_MS);
    const before = fake.inputsOf('ask.estimate').length;
    for (let leaf = 100; leaf < 120; leaf += 1) {
      stores.book.getState().frameEvent({ type: 'position', position: place(leaf), leafLabel: '' });
    }
    await vi.advanceTimersByTimeAsync(ESTIMATE_DELAY_MS);
    expect(fake.inputsOf('ask.estimate')).toHaveLength(before + 1);
  });

  it('stops the running answer when another book is opened', async () => {
    await start();
    stores.ask.getState().setDraft('Who?');
    await stores.ask.getState().ask();
    await stores.book.getState().close();
    expect(fake.inputsOf('ask.stop')).toEqual([{ answerId: 'live' }]);
    expect(stores.answer.getState().phase).toBe('idle');
  });
});
