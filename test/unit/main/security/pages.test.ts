import { describe, expect, it } from 'vitest';
import { csp, type PageKind } from '#main/security/csp.ts';
import { windowOptions } from '#main/security/windowOptions.ts';

const origin = 'app://proxima';

function directives(kind: PageKind): Map<string, string[]> {
  return new Map(
    csp(kind, origin)
      .split('; ')
      .map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
  );
}

describe.each(['window', 'frame'] as const)('the policy of a %s', (kind) => {
  it('allows nothing that is not named, and no source outside the app', () => {
    const policy = directives(kind);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    for (const name of ['object-src', 'base-uri', 'form-action']) expect(policy.get(name)).toEqual(["'none'"]);
    const sources = [...policy.values()]
      .flat()
      .filter((source) => !/^('none'|blob:|data:|allow-scripts)$/.test(source));
    for (const source of sources) {
      expect(source === "'wasm-unsafe-eval'" || source === origin || source.startsWith(`${origin}/`)).toBe(true);
    }
  });

  it('runs scripts and styles that the build made and none that stand in a page', () => {
    const policy = directives(kind);
    for (const name of ['script-src', 'style-src']) {
      expect(policy.get(name)).toContain(`${origin}/assets/`);
      expect(policy.get(name)?.join(' ')).not.toMatch(/unsafe-inline|'unsafe-eval'|blob:|data:|bulk/);
    }
  });
});

it('keeps books away from the window, and lets a frame be framed by the window alone', () => {
  expect(directives('window').get('frame-ancestors')).toEqual(["'none'"]);
  expect(directives('window').get('frame-src')).toEqual([`${origin}/frame/`]);
  expect(directives('frame').get('frame-ancestors')).toEqual([origin]);
  expect(directives('frame').get('frame-src')).toEqual(["'none'"]);
  expect(directives('frame').get('sandbox')).toEqual(['allow-scripts']);
});

it('opens windows with every guard of Electron on', () => {
  const state = { bounds: { width: 900, height: 700 }, maximised: false };
  const { webPreferences, ...options } = windowOptions('/app/preload.cjs', state);
  expect(options).toMatchObject({ width: 900, height: 700, show: false });
  expect(webPreferences).toEqual({
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});
