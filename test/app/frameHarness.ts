import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { build } from 'vite';
import { type OpenBook, openDocument } from '#documents/index.ts';
import { findBrowser } from '#host/findBrowser.ts';
import { appProtocol } from '#main/protocol/appProtocol.ts';
import type { FrameCalls, FrameEvent, FrameMark } from '#shared/contract/index.ts';
import { InputError } from '#shared/errors/index.ts';
import { pdfAssetsPlugin } from '../../scripts/pdfAssetsPlugin.ts';

const ORIGIN = 'https://proxima.invalid';
const PARENT = `<!doctype html><html><head><title>frame test</title></head><body style="margin:0">
<iframe sandbox="allow-scripts" style="position:fixed;inset:0;width:100vw;height:100vh;border:0"></iframe></body></html>`;

/** Where screenshots go: looked at by people, not kept in git. */
const outputDir = join(import.meta.dirname, '../output');

/** Why no frame can be run here, or null when one can. */
export const whyNoFrame: string | null = reasonAgainst();

function reasonAgainst(): string | null {
  const browser = findBrowser();
  return browser === null || 'missing' in browser ? 'no browser is installed; install chromium' : null;
}

export interface FrameView {
  readonly width?: number;
  readonly height?: number;
  readonly deviceScaleFactor?: number;
}

/**
 * The book frame alone: built as the product builds it, served under the product's own
 * policy and protocol, driven over its message port by a page that does nothing else.
 */
export class FrameHarness implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'proxima-frame-'));
  readonly #books = new Map<string, { readonly path: string; readonly book: OpenBook }>();
  #browser: Browser | null = null;

  async start(): Promise<void> {
    await build({
      configFile: false,
      root: join(import.meta.dirname, '../../src'),
      base: '/',
      logLevel: 'error',
      plugins: [pdfAssetsPlugin()],
      build: {
        outDir: join(this.#folder, 'renderer'),
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: { frame: join(import.meta.dirname, '../../src/frame/frame.html') } },
      },
    });
    const found = findBrowser();
    if (found === null || 'missing' in found) throw new Error('No browser is installed.');
    const isRoot = process.getuid?.() === 0;
    this.#browser = await chromium.launch({ executablePath: found.path, chromiumSandbox: !isRoot, headless: true });
  }

  /** Opens a file with the product's own documents. */
  async openBook(path: string): Promise<OpenBook> {
    const book = await openDocument(path);
    this.#books.set(book.info.id, { path, book });
    return book;
  }

  /** Serves a book that was made for a test. */
  addBook(book: OpenBook): OpenBook {
    this.#books.set(book.info.id, { path: '', book });
    return book;
  }

  /** Loads an empty book frame. */
  async openFrame({ width = 1000, height = 900, deviceScaleFactor = 1 }: FrameView = {}): Promise<OpenFrame> {
    const page = await this.#browser!.newPage({ viewport: { width, height }, deviceScaleFactor });
    const open = new OpenFrame(page);
    const answer = appProtocol({
      origin: ORIGIN,
      outDir: this.#folder,
      bulk: {
        bookFile: (id) => this.#find(id).path,
        markup: (id, leaf) => this.#find(id).book.markup(leaf),
        resource: (id, href) => this.#find(id).book.resource(href),
        mapTile: () => Promise.reject(new InputError('input/unknownAnswer', 'No maps here.', { advice: '' })),
      },
    });
    await page.route('**/*', async (route) => {
      const request = route.request();
      if (request.url() === `${ORIGIN}/`) return route.fulfill({ contentType: 'text/html', body: PARENT });
      if (!request.url().startsWith(`${ORIGIN}/`)) {
        open.outside.push(request.url());
        return route.abort();
      }
      const response = await answer(
        new Request(request.url(), { method: request.method(), headers: request.headers() }),
      );
      const body = Buffer.from(await response.arrayBuffer());
      return route
        .fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
        .catch(() => undefined);
    });
    await page.goto(`${ORIGIN}/`);
    await open.connect();
    return open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser?.close();
    for (const { book } of this.#books.values()) await book.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #find(id: string): { readonly path: string; readonly book: OpenBook } {
    const found = this.#books.get(id);
    if (!found) throw new InputError('input/unknownBook', 'No such book is open.', { advice: 'Open it first.' });
    return found;
  }
}

/** One loaded frame and the line to it. */
export class OpenFrame {
  readonly page: Page;
  /** Requests that tried to leave the app. */
  readonly outside: string[] = [];
  /** Errors and policy violations of the page, its frame and its workers. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  get frame(): Frame {
    return this.page.frames().find((frame) => frame !== this.page.mainFrame())!;
  }

  async connect(): Promise<void> {
    await this.page.evaluate(async (address) => {
      const element = document.querySelector('iframe')!;
      await new Promise((resolve) => {
        element.addEventListener('load', resolve, { once: true });
        element.src = address;
      });
      const { port1, port2 } = new MessageChannel();
      const events: unknown[] = [];
      const waiting = new Map<number, PromiseWithResolvers<unknown>>();
      let nextId = 1;
      const call = (name: string, input: unknown): Promise<unknown> => {
        const id = nextId++;
        const result = Promise.withResolvers<unknown>();
        waiting.set(id, result);
        port1.postMessage({ rpc: 'call', id, name, input });
        return result.promise;
      };
      Object.assign(globalThis, { bookFrame: { call, events } });
      const ready = Promise.withResolvers<unknown>();
      port1.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => {
        if ('frameEvent' in data) {
          events.push(data['frameEvent']);
          ready.resolve(null);
          return;
        }
        const result = waiting.get(data['id'] as number);
        if (data['rpc'] === 'result') result?.resolve(data['output']);
        else if (data['rpc'] === 'error') result?.reject(new Error(JSON.stringify(data['error'])));
      };
      element.contentWindow!.postMessage({ proxima: 'frame-port' }, '*', [port2]);
      await ready.promise;
    }, `${ORIGIN}/frame/`);
  }

  call<Name extends keyof FrameCalls>(name: Name, input: FrameCalls[Name]['in']): Promise<FrameCalls[Name]['out']> {
    return this.page.evaluate(
      ([called, given]) => (globalThis as unknown as TestGlobals).bookFrame.call(called, given),
      [name, input] as const,
    ) as Promise<FrameCalls[Name]['out']>;
  }

  show(
    book: OpenBook,
    options: Partial<Omit<FrameCalls['show']['in'], 'info' | 'origin'>> = {},
  ): Promise<FrameCalls['show']['out']> {
    const appearance = { theme: 'light', textSizePx: 18 } as const;
    return this.call('show', { info: book.info, origin: ORIGIN, position: null, appearance, ...options });
  }

  mark(...marks: FrameMark[]): Promise<null> {
    return this.call('mark', { marks });
  }

  events(): Promise<FrameEvent[]> {
    return this.page.evaluate(() => (globalThis as unknown as TestGlobals).bookFrame.events) as Promise<FrameEvent[]>;
  }

  /** The last event of a kind. */
  async last<Type extends FrameEvent['type']>(type: Type): Promise<Extract<FrameEvent, { type: Type }> | undefined> {
    const events = await this.events();
    return events.findLast((event): event is Extract<FrameEvent, { type: Type }> => event.type === type);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(outputDir, { recursive: true });
    await this.page.screenshot({ path: join(outputDir, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

interface TestGlobals {
  readonly bookFrame: { call(name: string, input: unknown): Promise<unknown>; readonly events: readonly unknown[] };
}
