import { EventEmitter } from 'node:events';
import type { ContentsPart, NavigationEvent, WindowPart } from '#main/electronParts.ts';
import { WINDOW_CONTENTS_ID } from './pageBinding.ts';

type OpenHandler = Parameters<ContentsPart['setWindowOpenHandler']>[0];

/** What a window of this host needs of its page. */
export interface HostPage {
  /** Hands an event to the page. */
  deliver(channel: string, args: readonly unknown[]): void;
  navigate(url: string): Promise<void>;
  bringToFront(): void;
  /** Null when there is no window that could be placed. */
  bounds(): Promise<WindowBounds | null>;
  place(bounds: Partial<WindowBounds>): void;
  readonly closed: Promise<void>;
}

/** Place of a window as DevTools tells it. */
export interface WindowBounds {
  readonly left?: number;
  readonly top?: number;
  readonly width?: number;
  readonly height?: number;
  readonly windowState?: string;
}

/** `webContents` of the one page the Chromium host has. */
export class HostContents extends EventEmitter implements ContentsPart {
  readonly id = WINDOW_CONTENTS_ID;
  readonly #page: HostPage;
  #openHandler: OpenHandler = () => ({ action: 'deny' });

  constructor(page: HostPage) {
    super();
    this.#page = page;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#page.deliver(channel, args);
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
  readonly #page: HostPage;
  #bounds: WindowPlace;
  #maximised = false;
  #closed = false;

  constructor(page: HostPage, place: Partial<WindowPlace>) {
    super();
    this.#page = page;
    this.webContents = new HostContents(page);
    const { x, y, width = 1200, height = 800 } = place;
    this.#bounds = { x: x ?? 0, y: y ?? 0, width, height };
    page.place({ width, height, ...(x !== undefined && y !== undefined && { left: x, top: y }) });
    // A window that the person closes is gone at once, so its place is asked for while it stands.
    const follow = setInterval(() => void this.#follow(), FOLLOW_MS);
    void page.closed.then(() => {
      clearInterval(follow);
      this.#closed = true;
      this.emit('close');
      this.emit('closed');
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.#page.navigate(url);
    this.emit('ready-to-show');
  }

  show(): void {
    // It is shown from the beginning.
  }

  focus(): void {
    this.#page.bringToFront();
  }

  restore(): void {
    this.#maximised = false;
    this.#page.place({ windowState: 'normal' });
  }

  maximize(): void {
    this.#maximised = true;
    this.#page.place({ windowState: 'maximized' });
  }

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return this.#maximised;
  }

  isDestroyed(): boolean {
    return this.#closed;
  }

  getNormalBounds(): WindowPlace {
    return this.#bounds;
  }

  async #follow(): Promise<void> {
    const found = await this.#page.bounds();
    if (!found) return;
    const { left = 0, top = 0, width, height, windowState } = found;
    this.#maximised = windowState === 'maximized';
    if (windowState === 'normal' && width !== undefined && height !== undefined) {
      this.#bounds = { x: left, y: top, width, height };
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
