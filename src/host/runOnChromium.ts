import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { dataFolders } from '#library/index.ts';
import type { RunningApp, startApp as StartApp } from '#main/startApp.ts';
import { CHROMIUM_ORIGIN, launchChromiumHost } from './chromium/launchChromiumHost.ts';
import { singleInstance } from './chromium/singleInstance.ts';
import { projectDir } from './projectDir.ts';

export interface RunOnChromiumOptions {
  readonly browserPath: string;
  /** Why this host, in one sentence for people. */
  readonly reason: string;
  /** @default null */
  readonly openPath?: string | null;
  /** @default false */
  readonly headless?: boolean;
  /** More arguments for the browser; tests let theirs be driven. @default none */
  readonly browserArgs?: readonly string[];
}

export interface AppOnChromium {
  readonly app: RunningApp;
  /** Resolves when the window is closed and all work has stopped. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs the built app over an installed browser.
 * @returns null when Proxima runs already: its window has been asked to come forward.
 * @throws {HostError} `host/unavailable` when the browser does not start
 */
export async function runOnChromium(options: RunOnChromiumOptions): Promise<AppOnChromium | null> {
  const { root } = dataFolders();
  const openPath = options.openPath ?? null;
  const commandLine = ['proxima', ...(openPath === null ? [] : [openPath])];
  const instance = await singleInstance(root, { commandLine, workingDirectory: process.cwd() });
  if (!instance.isOnly) return null;

  const outDir = join(projectDir, 'out');
  const host = await launchChromiumHost({
    browserPath: options.browserPath,
    headless: options.headless ?? false,
    browserArgs: options.browserArgs ?? [],
    profileDir: profileDir(root),
    preloadPath: join(outDir, 'preload/preload.cjs'),
    version: version(),
    isOnlyInstance: instance.isOnly,
  });
  instance.onSecondStart((start) => host.secondInstance(start.commandLine, start.workingDirectory));
  // `require` and not `import`: a test runner would transform what it imports, and this is the product as built.
  const { startApp } = createRequire(import.meta.url)(join(outDir, 'main/startApp.js')) as {
    startApp: typeof StartApp;
  };
  const app = await startApp(host.electron, {
    host: { name: 'chromium', reason: options.reason, origin: CHROMIUM_ORIGIN },
    openPath,
  });
  if (!app) return null;
  const closed = host.closed.then(async () => {
    instance.release();
    await app.dispose();
  });
  return {
    app,
    closed,
    close: async () => {
      await host.close();
      await closed;
    },
  };
}

/** The browser's own data lies in the data folder, apart from the person's browser. */
export const profileDir = (dataFolder: string): string => join(dataFolder, 'browser');

const version = (): string =>
  (JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as { version: string }).version;
