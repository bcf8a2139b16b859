import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '#host/findBrowser.ts';
import { type AppOnChromium, profileDir, runOnChromium } from '#host/runOnChromium.ts';
import { dataFolders } from '#library/index.ts';
import type { AppCallName, AppCalls, ReaderBridge } from '#shared/contract/index.ts';

const projectDir = join(import.meta.dirname, '..', '..');

/** Where screenshots go: looked at by people, not kept in git. */
export const outputDir = join(projectDir, 'test', 'output');

/** Why the app cannot be run here, or null when it can. Printed by tests that are skipped for it. */
export const whyNoApp: string | null = reasonAgainst();

function reasonAgainst(): string | null {
  const browser = findBrowser();
  if (browser === null) return 'no browser is installed; install chromium, or name one in PROXIMA_BROWSER';
  if ('missing' in browser) return `PROXIMA_BROWSER names ${browser.missing}, which is not there`;
  if (!existsSync(join(projectDir, 'out/main/startApp.js'))) return 'the app is not built; run npm run build';
  return null;
}

export interface TestApp extends AsyncDisposable {
  readonly app: AppOnChromium['app'];
  /** The window as playwright sees it; a new one after `reconnect`. */
  readonly page: Page;
  /** Takes hold of the page anew: for playwright a page is over when the process of one of its frames has died. */
  reconnect(): Promise<void>;
  /** Violations of the content security policy and errors of the console, of the window and of its frames. */
  readonly complaints: readonly string[];
  /** Calls the main process as the page does. @throws {Error} with the code of an outcome that is an error */
  readonly call: <Name extends AppCallName>(name: Name, input: AppCalls[Name]['in']) => Promise<AppCalls[Name]['out']>;
  screenshot(name: string): Promise<void>;
}

export interface TestAppOptions {
  readonly openPath?: string;
  /** Keeps the data folder of an earlier run. @default a new one, removed at the end */
  readonly home?: string;
}

/**
 * Starts the built app in a headless browser with a data folder of its own. Models come from
 * where the app keeps them on this machine, so nothing is fetched.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const browser = findBrowser();
  if (browser === null || 'missing' in browser) throw new Error(`The app cannot run here: ${String(whyNoApp)}.`);
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'proxima-app-'));
  const restore = useHome(home);
  const running = await runOnChromium({
    browserPath: browser.path,
    reason: 'A test runs it.',
    headless: true,
    openPath: options.openPath ?? null,
    browserArgs: ['--remote-debugging-port=0'],
  });
  if (!running) throw new Error('Another Proxima runs on this data folder.');
  const complaints: string[] = [];
  let [driver, page] = await connect(home, complaints);
  return {
    app: running.app,
    get page() {
      return page;
    },
    async reconnect() {
      await driver.close();
      [driver, page] = await connect(home, complaints);
    },
    complaints,
    async call(name, input) {
      const outcome = await page.evaluate(
        ([called, given]) =>
          (globalThis as unknown as { reader: ReaderBridge }).reader.call(
            called,
            given as AppCalls[typeof called]['in'],
          ),
        [name, input] as const,
      );
      if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
      return outcome.output;
    },
    async screenshot(shot) {
      mkdirSync(outputDir, { recursive: true });
      await page.screenshot({ path: join(outputDir, `${shot}.png`) });
    },
    async [Symbol.asyncDispose]() {
      await driver.close();
      await running.close();
      restore();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Drives the browser through a port beside the product's own pipe. */
async function connect(home: string, complaints: string[]): Promise<[Browser, Page]> {
  const [port = ''] = readFileSync(join(profileDir(home), 'DevToolsActivePort'), 'utf8').split('\n');
  const driver = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = driver.contexts()[0]?.pages()[0];
  if (!page) throw new Error('The browser shows no page.');
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return [driver, page];
}

/** Points the data folder at `home` and the models at where they are. */
function useHome(home: string): () => void {
  const before = { home: process.env['PROXIMA_HOME'], models: process.env['PROXIMA_MODELS'] };
  process.env['PROXIMA_MODELS'] = dataFolders().models;
  process.env['PROXIMA_HOME'] = home;
  return () => {
    for (const [name, value] of [
      ['PROXIMA_HOME', before.home],
      ['PROXIMA_MODELS', before.models],
    ] as const) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
