import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppEvents, bulkUrls, type OpenedBook } from '#shared/contract/index.ts';
import { startTestApp, type TestApp, whyNoApp } from './harness.ts';

const TEXT = `${'The lighthouse keeper counts the ships. '.repeat(200)}\nThe end.\n`;

describe.skipIf(whyNoApp !== null)(`the app on the Chromium host${whyNoApp ? ` (${whyNoApp})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-book-'));
  const path = join(folder, 'keeper.txt');
  let app: TestApp;
  let book: OpenedBook;

  beforeAll(async () => {
    writeFileSync(path, TEXT);
    app = await startTestApp();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('answers a call and says which host it runs on', async () => {
    const state = await app.call('app.state', null);
    expect(state).toMatchObject({ host: 'chromium', origin: 'https://proxima.invalid', version: '0.1.0' });
  });

  it('opens a book through the document process, which is a process of its own', async () => {
    book = await app.call('books.open', { path });
    expect(book.info).toMatchObject({ format: 'text', title: 'keeper' });
    const { pid } = app.app.services.documentProcess;
    expect(pid).toBeGreaterThan(0);
    expect(pid).not.toBe(process.pid);
  });

  it('tells the page of events', async () => {
    // The first book's last event may still be on its way, so the page keeps every event and the test looks for its own.
    const told = await app.page.evaluateHandle(() => {
      const events: AppEvents['extraction'][] = [];
      window.reader.on('extraction', (state) => void events.push(state));
      return events;
    });
    const second = join(folder, 'second.txt');
    writeFileSync(second, TEXT.replaceAll('keeper', 'captain'));
    const opened = await app.call('books.open', { path: second });
    await expect
      .poll(async () => (await told.jsonValue()).filter((state) => state.book === opened.info.id).at(-1))
      .toMatchObject({ failed: null, leavesExtracted: 1, leafCount: 1 });
  });

  it('serves the bytes of an open book by range, and of no other', async () => {
    const origin = 'https://proxima.invalid';
    const fetched = await app.page.evaluate(
      async (address) => {
        const part = await fetch(address, { headers: { range: 'bytes=4-13' } });
        return { status: part.status, text: await part.text(), range: part.headers.get('content-range') };
      },
      bulkUrls.file(origin, book.info.id),
    );
    expect(fetched).toEqual({ status: 206, text: 'lighthouse', range: `bytes 4-13/${TEXT.length}` });
    const refused = await app.page.evaluate(
      async (address) => (await fetch(address)).status,
      `${origin}/bulk/books/00ff/file`,
    );
    expect(refused).toBe(404);
  });

  it('starts the document process anew when it was killed', async () => {
    const before = app.app.services.documentProcess.pid;
    process.kill(before!, 'SIGKILL');
    await expect.poll(() => app.app.services.documentProcess.pid).toBe(undefined);
    const markup = await app.page.evaluate(
      async (address) => (await fetch(address)).json() as Promise<{ html: string }>,
      `https://proxima.invalid/bulk/books/${book.info.id}/markup/0`,
    );
    expect(markup.html).toContain('lighthouse');
    expect(app.app.services.documentProcess.pid).not.toBe(before);
  });

  it('lets nothing out to the network', async () => {
    const reached = await app.page.evaluate(() =>
      fetch('https://example.com/').then(
        () => true,
        () => false,
      ),
    );
    expect(reached).toBe(false);
  });

  it('refuses a call with an input that does not fit', async () => {
    await expect(app.call('books.open', { path: 7 } as never)).rejects.toThrow('input/invalid');
  });
});
