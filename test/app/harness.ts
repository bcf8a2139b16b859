import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findBrowser } from '#host/findBrowser.ts';
import { type AppOnChromium, runOnChromium } from '#host/runOnChromium.ts';
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
  readonly page: Page;
  /** Violations of the content security policy and errors of the console, of the window and of its frames. */
  readonly complaints: readonly string[];
  /** Calls the main process as the page does. @throws {Error} with the code of an outcome that is an error */
  call<Name extends AppCallName>(name: Name, input: AppCalls[Name]['in']): Promise<AppCalls[Name]['out']>;
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
  });
  if (!running) throw new Error('Another Proxima runs on this data folder.');
  const { page } = running;
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    app: running.app,
    page,
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
      await running.close();
      restore();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
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
