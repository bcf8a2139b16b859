import type { DevtoolsPipe } from './devtoolsPipe.ts';
import type { HostPage, WindowBounds } from './hostWindow.ts';
import { type InvokeHandler, PageBinding } from './pageBinding.ts';

export interface WindowPageOptions {
  readonly browser: DevtoolsPipe;
  readonly sessionId: string;
  readonly targetId: string;
  readonly invoke: InvokeHandler;
  /** Runs before the page's own scripts: see `initScript`. */
  readonly script: string;
}

/** The page in the browser's app window. */
export class WindowPage implements HostPage {
  readonly closed: Promise<void>;
  readonly #options: WindowPageOptions;
  readonly #binding: PageBinding;

  private constructor(options: WindowPageOptions) {
    const { browser, sessionId, targetId, invoke } = options;
    this.#options = options;
    this.#binding = new PageBinding(browser, sessionId, targetId, invoke);
    this.closed = new Promise((resolve) => {
      browser.on('Target.detachedFromTarget', (params) => {
        if (params['sessionId'] === sessionId) resolve();
      });
      void browser.closed.then(resolve);
    });
    // The window's own process died: the page is loaded anew, everything it shows is kept elsewhere.
    browser.on('Inspector.targetCrashed', (_params, session) => {
      if (session === sessionId) void browser.send('Page.reload', {}, sessionId).catch(() => undefined);
    });
  }

  /** Prepares the page before its first script runs. */
  static async prepare(options: WindowPageOptions): Promise<WindowPage> {
    const page = new WindowPage(options);
    await page.#binding.install(options.script);
    return page;
  }

  deliver(channel: string, args: readonly unknown[]): void {
    this.#binding.deliver(channel, args);
  }

  async navigate(url: string): Promise<void> {
    const { browser, sessionId } = this.#options;
    await browser.send('Page.navigate', { url }, sessionId);
  }

  bringToFront(): void {
    const { browser, sessionId } = this.#options;
    void browser.send('Page.bringToFront', {}, sessionId).catch(() => undefined);
  }

  async bounds(): Promise<WindowBounds | null> {
    return (await this.#window().catch(() => null))?.bounds ?? null;
  }

  place(bounds: Partial<WindowBounds>): void {
    // A headless browser has no window to place, and a window manager may refuse: neither is worth a word.
    void this.#window()
      .then(({ windowId }) => this.#options.browser.send('Browser.setWindowBounds', { windowId, bounds }))
      .catch(() => undefined);
  }

  async #window(): Promise<{ readonly windowId: number; readonly bounds: WindowBounds }> {
    const { browser, targetId } = this.#options;
    const found = await browser.send('Browser.getWindowForTarget', { targetId });
    return found as unknown as { windowId: number; bounds: WindowBounds };
  }
}
