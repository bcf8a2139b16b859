import { HostError } from '#shared/errors/index.ts';
import { DevtoolsPipe } from './devtoolsPipe.ts';

export interface LaunchBrowserOptions {
  readonly browserPath: string;
  /** The app's origin, whose window is opened. */
  readonly origin: string;
  /** The browser's own data, kept apart from the person's profile. */
  readonly profileDir: string;
  readonly headless: boolean;
  /** More arguments, for tests. */
  readonly browserArgs: readonly string[];
}

/** A cold start from a slow disk takes some seconds. */
const START_LIMIT_MS = 30_000;

/** Whether Chromium's sandbox can be used: it refuses to start for root. */
export const sandboxed = process.getuid?.() !== 0;

/**
 * Starts the browser with one app window and no way out: it resolves no name, so neither a
 * page nor the browser's own services reach the network.
 * @throws {HostError} `host/unavailable` when it does not start
 */
export async function launchBrowser(options: LaunchBrowserOptions): Promise<DevtoolsPipe> {
  const browser = new DevtoolsPipe(options.browserPath, browserArguments(options));
  let limit: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    limit = setTimeout(() => reject(new Error(`it said nothing for ${START_LIMIT_MS / 1000} s`)), START_LIMIT_MS);
  });
  const died = browser.closed.then(() => {
    throw new Error('it ended at once');
  });
  died.catch(() => undefined);
  try {
    await Promise.race([browser.send('Browser.getVersion'), late, died]);
    return browser;
  } catch (cause) {
    browser.process.kill();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostError('host/unavailable', `The browser ${options.browserPath} does not start: ${reason}.`, {
      advice: 'Close other windows of Proxima, or name another browser in PROXIMA_BROWSER.',
      cause,
    });
  } finally {
    clearTimeout(limit);
  }
}

function browserArguments({ origin, profileDir, headless, browserArgs }: LaunchBrowserOptions): string[] {
  return [
    `--app=${origin}/`,
    `--user-data-dir=${profileDir}`,
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--disable-breakpad',
    '--disable-features=Translate,MediaRouter,OptimizationHints',
    // A book frame has a process of its own in every build of Chromium, also in those for small machines.
    '--site-per-process',
    '--enable-features=IsolateSandboxedIframes',
    '--metrics-recording-only',
    // Asks no keyring for a password: the profile holds no secret.
    '--password-store=basic',
    '--use-mock-keychain',
    ...(sandboxed ? [] : ['--no-sandbox']),
    ...(headless ? ['--headless=new'] : []),
    ...browserArgs,
  ];
}
