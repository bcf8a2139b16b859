import { type AppEventName, type AppEvents, appUrls, EVENT_CHANNEL } from '../shared/contract/index.ts';
import type { ElectronParts, WindowPart } from './electronParts.ts';
import { type WindowState, windowOptions } from './security/windowOptions.ts';

export interface AppWindowOptions {
  readonly BrowserWindow: ElectronParts['BrowserWindow'];
  readonly preloadPath: string;
  readonly origin: string;
  readonly loadState: () => WindowState;
  readonly saveState: (state: WindowState) => void;
}

/** The one window of Proxima: opened, brought back, and told of events. */
export class AppWindow {
  readonly #options: AppWindowOptions;
  readonly #ids = new Set<number>();
  #window: WindowPart | null = null;

  constructor(options: AppWindowOptions) {
    this.#options = options;
  }

  /** Ids of the web contents that Proxima opened and that still stand: see `isTrustedSender`. */
  get contentsIds(): ReadonlySet<number> {
    return this.#ids;
  }

  /** Opens the window, or brings the open one to the front. */
  async open(): Promise<void> {
    if (this.#window) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.focus();
      return;
    }
    const { BrowserWindow, preloadPath, origin, loadState, saveState } = this.#options;
    const state = loadState();
    const window = new BrowserWindow(windowOptions(preloadPath, state));
    const { id } = window.webContents;
    this.#window = window;
    this.#ids.add(id);
    window.on('ready-to-show', () => window.show());
    window.on('close', () => saveState({ bounds: window.getNormalBounds(), maximised: window.isMaximized() }));
    window.on('closed', () => {
      this.#ids.delete(id);
      this.#window = null;
    });
    if (state.maximised) window.maximize();
    await window.loadURL(appUrls.window(origin));
  }

  /** Tells the page; nothing happens while there is none. */
  tell<Name extends AppEventName>(name: Name, payload: AppEvents[Name]): void {
    if (this.#window?.isDestroyed() === false) this.#window.webContents.send(EVENT_CHANNEL, name, payload);
  }
}
