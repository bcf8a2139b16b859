import { describe, expect, it } from 'vitest';
import type { AppHandlers } from '#main/ipc/appHandlers.ts';
import { callSchemas } from '#main/ipc/callSchemas.ts';
import { registerCalls } from '#main/ipc/registerCalls.ts';
import { appCallNames, CALL_CHANNEL, type CallOutcome } from '#shared/contract/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import { FakeElectron } from '../fakes/fakeElectron.ts';

const sender = { senderFrame: null, sender: { id: 1 } };

function setUp(handlers: Partial<AppHandlers>, isTrusted = true) {
  const electron = new FakeElectron();
  registerCalls({ ipcMain: electron.ipcMain, handlers: handlers as AppHandlers, isTrusted: () => isTrusted });
  const call = electron.channels.get(CALL_CHANNEL)!;
  return {
    electron,
    call: (name: unknown, input?: unknown) => call(sender, name, input) as Promise<CallOutcome<unknown>>,
  };
}

describe('registerCalls', () => {
  it('hands a checked input to its handler and its output back', async () => {
    const { call } = setUp({ 'books.savePosition': ({ book, position }) => ({ book, position }) as never });
    expect(await call('books.savePosition', { book: 'ab', position: { leaf: 2, offset: 5 }, extra: 1 })).toEqual({
      ok: true,
      output: { book: 'ab', position: { leaf: 2, offset: 5 } },
    });
  });

  it('uses one channel and no other', () => {
    expect([...setUp({}).electron.channels.keys()]).toEqual([CALL_CHANNEL]);
  });

  it('carries a thrown error over with its code and advice', async () => {
    const thrown = new DocumentError('document/empty', 'The file is empty.', { advice: 'Choose another.' });
    const { call } = setUp({ 'books.open': () => Promise.reject(thrown) });
    expect(await call('books.open', { path: '/a.pdf' })).toMatchObject({
      ok: false,
      error: { code: 'document/empty', message: 'The file is empty.', advice: 'Choose another.' },
    });
  });

  it('runs nothing for a sender that is not trusted', async () => {
    let ran = false;
    const { call } = setUp({ 'books.list': () => ((ran = true), []) }, false);
    expect(await call('books.list', null)).toMatchObject({ ok: false, error: { code: 'call/unknown' } });
    expect(ran).toBe(false);
  });

  it.each(['toString', '__proto__', 'books.delete', 7, null])('knows no call named %s', async (name) => {
    expect(await setUp({}).call(name, null)).toMatchObject({ ok: false, error: { code: 'call/unknown' } });
  });

  it.each([
    ['books.open', { path: '' }],
    ['books.open', { path: 7 }],
    ['books.open', null],
    ['books.close', { book: '../../etc' }],
    ['books.search', { book: 'ab', query: 'x', limit: 1e9 }],
    ['ask.start', { book: 'ab', chat: null, question: 'x'.repeat(30_000), scope: { kind: 'whole' } }],
    ['ask.start', { book: 'ab', chat: null, question: 'x', scope: { kind: 'everything' } }],
    ['app.saveSettings', { theme: 'pink' }],
    ['app.saveSettings', { device: 'abacus' }],
    ['app.state', { unasked: true }],
    ['maps.describe', { answerId: 'a b' }],
  ] as const)('refuses what %s does not take: %j', async (name, input) => {
    expect(await setUp({}).call(name, input)).toMatchObject({ ok: false, error: { code: 'input/invalid' } });
  });

  it('has a schema for every call', () => {
    expect(Object.keys(callSchemas).sort()).toEqual([...appCallNames].sort());
  });
});
