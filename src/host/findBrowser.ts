import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What is looked at to find a browser. A parameter, so that a test can stand for any machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether there is a file at `path` that may be run. */
  isProgram(path: string): boolean;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  isProgram(path) {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
};

export interface FoundBrowser {
  readonly path: string;
  /** How it was found, for people. */
  readonly from: string;
}

/** Browsers built on Chromium by the names of their programs, the most likely to be plain first. */
const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'brave-browser',
];
const MAC_APPS = ['Chromium', 'Google Chrome', 'Microsoft Edge', 'Brave Browser'];
const WINDOWS_PROGRAMS = [
  'Chromium\\Application\\chrome.exe',
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
];
const WINDOWS_ROOTS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/**
 * Finds an installed browser that can be driven: the one `PROXIMA_BROWSER` names, else the
 * first that is where its installer puts it. A named one that is not there is an answer of
 * its own (`missing`), so that nobody wonders why another one opens.
 */
export function findBrowser(machine: Machine = thisMachine): FoundBrowser | { readonly missing: string } | null {
  const named = machine.env['PROXIMA_BROWSER'];
  if (named) return machine.isProgram(named) ? { path: named, from: 'PROXIMA_BROWSER' } : { missing: named };
  const path = candidates(machine).find((candidate) => machine.isProgram(candidate));
  return path === undefined ? null : { path, from: 'an installed browser' };
}

function candidates({ platform, env }: Machine): readonly string[] {
  switch (platform) {
    case 'darwin':
      return MAC_APPS.flatMap((name) =>
        ['/Applications', `${env['HOME'] ?? ''}/Applications`].map(
          (root) => `${root}/${name}.app/Contents/MacOS/${name}`,
        ),
      );
    case 'win32':
      return WINDOWS_ROOTS.flatMap((root) => {
        const folder = env[root];
        return folder ? WINDOWS_PROGRAMS.map((program) => `${folder}\\${program}`) : [];
      });
    default: {
      const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
      return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
    }
  }
}
