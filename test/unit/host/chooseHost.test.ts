import { describe, expect, it } from 'vitest';
import { chooseHost, type HostFacts } from '#host/chooseHost.ts';
import { findBrowser, type Machine } from '#host/findBrowser.ts';

const facts: HostFacts = { electron: null, browser: null, display: true, wanted: undefined };
const browser = { path: '/usr/bin/chromium', from: 'an installed browser' };

describe('chooseHost', () => {
  it.each([
    ['Electron before a browser', { electron: '/e', browser }, 'electron'],
    ['a browser where Electron is missing', { browser }, 'chromium'],
    ['neither', {}, 'none'],
    ['the terminal without a display', { electron: '/e', browser, display: false }, 'terminal'],
    ['the terminal when it is wanted', { electron: '/e', browser, wanted: 'terminal' }, 'terminal'],
    ['the browser when it is wanted', { electron: '/e', browser, wanted: 'chromium' }, 'chromium'],
    ['nothing when Electron is wanted and missing', { browser, wanted: 'electron' }, 'none'],
    ['the terminal when the named browser is missing', { browser: { missing: '/x' } }, 'terminal'],
  ] as const)('takes %s', (_what, given, host) => {
    const choice = chooseHost({ ...facts, ...given });
    expect(choice.host).toBe(host);
    expect(choice.reason).toMatch(/\.$/);
  });

  it('names a missing browser in its reason', () => {
    expect(chooseHost({ ...facts, browser: { missing: '/opt/gone' } }).reason).toContain('/opt/gone');
  });
});

describe('findBrowser', () => {
  const machine = (platform: NodeJS.Platform, programs: string[], env: Machine['env']): Machine => ({
    platform,
    env,
    isProgram: (path) => programs.includes(path),
  });

  it.each([
    ['linux', ['/usr/bin/google-chrome', '/usr/bin/chromium'], { PATH: '/bin:/usr/bin' }, '/usr/bin/chromium'],
    ['linux', ['/opt/brave/brave-browser'], { PATH: '/bin:/opt/brave' }, '/opt/brave/brave-browser'],
    [
      'darwin',
      ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
      { HOME: '/Users/a' },
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      'win32',
      ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
      { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' },
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
  ] as const)('finds one on %s', (platform, programs, env, path) => {
    expect(findBrowser(machine(platform, [...programs], env))).toEqual({ path, from: 'an installed browser' });
  });

  it('takes the one that is named, or says that it is missing', () => {
    const env = { PATH: '/usr/bin', PROXIMA_BROWSER: '/opt/mine' };
    expect(findBrowser(machine('linux', ['/opt/mine', '/usr/bin/chromium'], env))).toEqual({
      path: '/opt/mine',
      from: 'PROXIMA_BROWSER',
    });
    expect(findBrowser(machine('linux', ['/usr/bin/chromium'], env))).toEqual({ missing: '/opt/mine' });
  });

  it('finds none where there is none', () => {
    expect(findBrowser(machine('linux', [], { PATH: '/usr/bin' }))).toBeNull();
  });
});
