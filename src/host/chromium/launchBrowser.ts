import { type BrowserContext, chromium } from 'playwright-core';
import { HostError } from '#shared/errors/index.ts';

export interface LaunchBrowserOptions {
  readonly browserPath: string;
  readonly origin: string;
  /** The browser's own data, kept apart from the person's profile. */
  readonly profileDir: string;
  readonly headless: boolean;
}

/** Whether Chromium's sandbox can be used: it refuses to start for root. */
export const sandboxed = process.getuid?.() !== 0;

/**
 * Starts the browser with one app window and no way out: it is driven over a pipe, so no
 * port is open, and it resolves no name, so nothing of its own reaches the network either.
 * @throws {HostError} `host/unavailable` when it does not start.
 */
export async function launchBrowser(options: LaunchBrowserOptions): Promise<BrowserContext> {
  try {
    return await chromium.launchPersistentContext(options.profileDir, {
      executablePath: options.browserPath,
      headless: options.headless,
      chromiumSandbox: sandboxed,
      args: [`--app=${options.origin}/`, '--host-resolver-rules=MAP * ~NOTFOUND', '--no-first-run'],
      ignoreDefaultArgs: ['--enable-automation', '--hide-scrollbars'],
      viewport: null,
      // The page follows the system, not the driver's defaults.
      colorScheme: null,
      reducedMotion: null,
      forcedColors: null,
      contrast: null,
      serviceWorkers: 'block',
      acceptDownloads: false,
      handleSIGINT: false,
    });
  } catch (cause) {
    const [reason = 'no reason given'] = cause instanceof Error ? cause.message.split('\n') : [];
    throw new HostError('host/unavailable', `The browser ${options.browserPath} does not start: ${reason}.`, {
      advice: 'Close other windows of Proxima, or name another browser in PROXIMA_BROWSER.',
      cause,
    });
  }
}
