import type { FoundBrowser } from './findBrowser.ts';

/** What decides how Proxima can be shown. */
export interface HostFacts {
  /** Where Electron's program lies; null when it has not been fetched. */
  readonly electron: string | null;
  /** See `findBrowser`. */
  readonly browser: FoundBrowser | { readonly missing: string } | null;
  /** Whether a window can be shown at all. */
  readonly display: boolean;
  /** `PROXIMA_HOST`: the host a person insists on. */
  readonly wanted: string | undefined;
}

/** How Proxima is shown, and why, in one sentence for people. */
export type HostChoice =
  | { readonly host: 'electron'; readonly program: string; readonly reason: string }
  | { readonly host: 'chromium'; readonly browser: string; readonly reason: string }
  /** Neither is here, but a window could be shown: Electron may still be fetched. */
  | { readonly host: 'none'; readonly reason: string }
  | { readonly host: 'terminal'; readonly reason: string; readonly advice: string };

const GET_A_WINDOW =
  'For a window install Chromium, Chrome, Edge or Brave (or name one in PROXIMA_BROWSER), or fetch Electron with "node node_modules/electron/install.js"; then run npm start again.';

/** Prefers Electron, then an installed browser, then the terminal. */
export function chooseHost({ electron, browser, display, wanted }: HostFacts): HostChoice {
  if (wanted === 'terminal') {
    return { host: 'terminal', reason: 'PROXIMA_HOST asks for the terminal.', advice: GET_A_WINDOW };
  }
  if (!display) {
    const advice = 'For a window start it where a desktop runs: DISPLAY or WAYLAND_DISPLAY is set there.';
    return { host: 'terminal', reason: 'There is no display to open a window on.', advice };
  }
  if (electron !== null && wanted !== 'chromium') {
    return { host: 'electron', program: electron, reason: 'Its program is installed.' };
  }
  if (wanted === 'electron') return { host: 'none', reason: 'PROXIMA_HOST asks for Electron, which is not installed.' };
  if (browser !== null && 'missing' in browser) {
    const reason = `PROXIMA_BROWSER names ${browser.missing}, which is not a program.`;
    return { host: 'terminal', reason, advice: 'Correct PROXIMA_BROWSER, or unset it to let Proxima look for one.' };
  }
  if (browser !== null) {
    const because = wanted === 'chromium' ? 'PROXIMA_HOST asks for it' : "Electron's program is not installed";
    return { host: 'chromium', browser: browser.path, reason: `${because}; found ${browser.from}.` };
  }
  return { host: 'none', reason: "Neither Electron's program nor a browser is installed." };
}

/** The terminal, where nothing else could be had. */
export function terminalFor(reason: string): HostChoice & { readonly host: 'terminal' } {
  return { host: 'terminal', reason, advice: GET_A_WINDOW };
}
