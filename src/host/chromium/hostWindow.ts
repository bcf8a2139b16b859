import { EventEmitter } from 'node:events';
import type { CDPSession, Page } from 'playwright-core';
import type { ContentsPart, NavigationEvent, WindowPart } from '#main/electronParts.ts';
import { DELIVER } from './initScript.ts';

type OpenHandler = Parameters<ContentsPart['setWindowOpenHandler']>[0];

/** `webContents` of the one page the Chromium host has. */
export class HostContents extends EventEmitter implements ContentsPart {
  readonly id = 1;
  readonly #page: Page;
  #openHandler: OpenHandler = () => ({ action: 'deny' });
  #delivered: Promise<unknown> = Promise.resolve();

  constructor(page: Page) {
    super();
    this.#page = page;
  }

  /** Events arrive in the order they are sent; those sent to a page that is going away are lost, as in Electron. */
  send(channel: string, ...args: unknown[]): void {
    this.#delivered = this.#delivered.then(() =>
      this.#page
        .evaluate(
          ([deliver, name, list]) =>
            (globalThis as unknown as Record<string, ((name: string, list: unknown[]) => void) | undefined>)[deliver]?.(
              name,
              list,
            ),
          [DELIVER, channel, args] as const,
        )
        .catch(() => undefined),
    );
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** Tells the app that the page wants a new window; the host opens none, whatever it answers. */
  askForWindow(url: string): void {
    this.#openHandler({ url });
  }

  /** Whether the app lets one of its frames go to `url`. */
  letsNavigate(url: string, isMainFrame: boolean): boolean {
    let follows = true;
    const event: NavigationEvent = {
      url,
      isMainFrame,
      preventDefault: () => {
        follows = false;
      },
    };
    this.emit('will-frame-navigate', event);
    return follows;
  }
}

/** `BrowserWindow` on the Chromium host: the browser's app window, which is already there. */
export class HostWindow extends EventEmitter implements WindowPart {
  readonly webContents: HostContents;
  readonly #page: Page;
  readonly #devtools: CDPSession;
  #bounds: { x: number; y: number; width: number; height: number };
  #maximised = false;

  constructor(page: Page, devtools: CDPSession, place: Partial<WindowPlace>) {
    super();
    this.#page = page;
    this.#devtools = devtools;
    this.webContents = new HostContents(page);
    const { x, y, width = 1200, height = 800 } = place;
    this.#bounds = { x: x ?? 0, y: y ?? 0, width, height };
    void this.#place({ width, height, ...(x !== undefined && y !== undefined && { left: x, top: y }) });
    // A window that the person closes is gone at once, so its place is asked for while it stands.
    const follow = setInterval(() => void this.#follow(), FOLLOW_MS);
    page.once('close', () => {
      clearInterval(follow);
      this.emit('close');
      this.emit('closed');
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: 'domcontentloaded' });
    this.emit('ready-to-show');
  }

  show(): void {
    // It is shown from the beginning.
  }

  focus(): void {
    void this.#page.bringToFront().catch(() => undefined);
  }

  restore(): void {
    this.#maximised = false;
    void this.#place({ windowState: 'normal' });
  }

  maximize(): void {
    this.#maximised = true;
    void this.#place({ windowState: 'maximized' });
  }

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return this.#maximised;
  }

  isDestroyed(): boolean {
    return this.#page.isClosed();
  }

  getNormalBounds(): WindowPlace {
    return this.#bounds;
  }

  async #follow(): Promise<void> {
    const found = await this.#devtools.send('Browser.getWindowForTarget').catch(() => null);
    if (!found) return;
    const { left, top, width, height, windowState } = found.bounds;
    this.#maximised = windowState === 'maximized';
    if (windowState !== 'normal' || width === undefined || height === undefined) return;
    this.#bounds = { x: left ?? 0, y: top ?? 0, width, height };
  }

  /** A headless browser has no window to place, and a window manager may refuse: neither is worth a word. */
  async #place(bounds: object): Promise<void> {
    try {
      const { windowId } = await this.#devtools.send('Browser.getWindowForTarget');
      await this.#devtools.send('Browser.setWindowBounds', { windowId, bounds });
    } catch {
      return;
    }
  }
}

export interface WindowPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const FOLLOW_MS = 2_000;
