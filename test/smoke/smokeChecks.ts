import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type AppCallName, type AppCalls, bulkUrls, decodeMapTile, type ReaderBridge } from '#shared/contract/index.ts';
import type { AnswerEvent, AnswerId, BookId } from '#shared/domain/index.ts';

/** The window under test, and the calls it can make. */
export interface SmokeWindow {
  readonly page: Page;
  /** Makes a call as the window does. @throws {Error} with code and message of an outcome that is an error */
  readonly call: <Name extends AppCallName>(name: Name, input: AppCalls[Name]['in']) => Promise<AppCalls[Name]['out']>;
}

/** One thing that only the real host can prove. */
export interface SmokeCheck {
  readonly name: string;
  /** @returns what was found, in some words; throws when it is not as it should be */
  readonly run: (window: SmokeWindow) => Promise<string>;
}

const PATIENCE_MS = 180_000;
/** A made-up text long enough to need stores of many tens of megabytes: about 6,000 tokens. */
export const longText = Array.from(
  { length: 340 },
  (_, index) => `Entry ${index + 1}: the keeper of gate ${index + 1} is called Anna and likes the number ${index * 7}.`,
).join('\n');

export const smokeChecks = (longTextPath: string): readonly SmokeCheck[] => [
  {
    name: 'sandboxed preload: the page has the bridge and nothing of Node',
    run: async ({ page }) => {
      const found = await page.evaluate(() => ({
        require: typeof (globalThis as { require?: unknown }).require,
        process: typeof (globalThis as { process?: unknown }).process,
        bridge: Object.keys((globalThis as unknown as { reader: object }).reader)
          .sort()
          .join(' '),
      }));
      need(found.require === 'undefined' && found.process === 'undefined', 'the page can reach Node');
      need(found.bridge.includes('call') && found.bridge.includes('on'), `the bridge is "${found.bridge}"`);
      return `window.reader has ${found.bridge}`;
    },
  },
  {
    name: "protocol: the app's own origin serves the window under its policy",
    run: async ({ page, call }) => {
      const { origin } = await call('app.state', null);
      need(page.url().startsWith(origin), `the window is at ${page.url()}, not under ${origin}`);
      const refused = await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.smokeInline = true';
        document.head.append(script);
        return !('smokeInline' in globalThis);
      });
      need(refused, 'the policy lets an inline script run');
      return origin;
    },
  },
  {
    name: 'document process and node:sqlite with FTS5: a book is opened, read and searched',
    run: async ({ call }) => {
      const { info } = await call('books.openWelcome', null);
      const { total } = await until('a hit', async () => {
        const result = await call('books.search', { book: info.id, query: 'leader', limit: 5 });
        return result.total > 0 ? result : null;
      });
      return `${total} hits`;
    },
  },
  {
    name: 'protocol: a range of a file is served',
    run: async ({ page, call }) => {
      const { origin } = await call('app.state', null);
      const { info } = await call('books.openWelcome', null);
      const got = await page.evaluate(
        async (url) => {
          const response = await fetch(url, { headers: { range: 'bytes=2-9' } });
          return { status: response.status, text: await response.text() };
        },
        bulkUrls.file(origin, info.id),
      );
      need(got.status === 206 && got.text === 'Welcome ', `status ${got.status}, "${got.text}"`);
      return 'status 206, the bytes asked for';
    },
  },
  {
    name: 'onnxruntime-node in the engine process: a question is answered',
    run: async (window) => {
      const { info } = await window.call('books.openWelcome', null);
      const answer = await ask(window, info.id, 'What is a follower?', 'brief');
      return `${answer.newTokens} tokens by ${answer.policy} on ${answer.device}`;
    },
  },
  {
    name: 'allocator: some 6,000 tokens are read, with caches of many tens of megabytes',
    run: async (window) => {
      const { info } = await window.call('books.open', { path: longTextPath });
      const answer = await ask(window, info.id, 'What is the keeper of gate 12 called?', 'full');
      need(answer.promptTokens > 4000, `only ${answer.promptTokens} tokens were read`);
      return `${answer.promptTokens} tokens, ${(answer.cacheBytes / 1e6).toFixed(0)} MB of cache`;
    },
  },
  {
    name: 'protocol: a map tile crosses as bytes',
    run: async (window) => {
      const { origin } = await window.call('app.state', null);
      const { info } = await window.call('books.openWelcome', null);
      const { answerId } = await ask(window, info.id, 'What does Ctrl+J do?', 'brief');
      const request = { answerToken: 0, distantColumns: 64, pooling: 'max' } as const;
      const bytes = await window.page.evaluate(
        async (url) => Array.from(new Uint8Array(await (await fetch(url)).arrayBuffer())),
        bulkUrls.mapTile(origin, answerId, request),
      );
      const tile = decodeMapTile(Uint8Array.from(bytes));
      const [sinks = 0, distant = 0, recent = 0] = tile.mass;
      need(Math.abs(sinks + distant + recent - 1) < 1e-3, 'the mass of the lowest layer is not one');
      return `${tile.layers} layers, ${bytes.length} bytes`;
    },
  },
];

type Finished = Extract<AnswerEvent, { type: 'finished' }> & { readonly answerId: AnswerId };

/** Asks about a whole book and waits for the end of the answer. */
async function ask(window: SmokeWindow, book: BookId, question: string, amount: 'brief' | 'full'): Promise<Finished> {
  await window.page.evaluate(() => {
    const store = globalThis as unknown as { reader: ReaderBridge; smokeEnds?: unknown[] };
    if (store.smokeEnds) return;
    const ends: unknown[] = [];
    store.smokeEnds = ends;
    store.reader.on('answer', (events) => {
      ends.push(...events.filter(({ type }) => ['finished', 'failed', 'cancelled'].includes(type)));
    });
  });
  await until('the whole text', async () => {
    const { status } = await window.call('ask.estimate', { book, scope: { kind: 'whole' } });
    return status === 'ok' ? true : null;
  });
  const { answerId } = await window.call('ask.start', { book, chat: null, question, scope: { kind: 'whole' }, amount });
  const end = await until('the end of the answer', () =>
    window.page.evaluate((wanted) => {
      const { smokeEnds } = globalThis as unknown as { smokeEnds: (AnswerEvent & { answerId: string })[] };
      return smokeEnds.find((event) => event.answerId === wanted) ?? null;
    }, answerId),
  );
  if (end.type !== 'finished') throw new Error(`the answer ended as ${JSON.stringify(end)}`);
  need(end.newTokens > 0, 'no token was written');
  return end as Finished;
}

/** Looks again until there is something. */
async function until<Value>(what: string, look: () => Promise<Value | null>): Promise<Value> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} seconds`);
    await pause(300);
  }
}

function need(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
