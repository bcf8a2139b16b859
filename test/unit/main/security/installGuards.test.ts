import { beforeEach, describe, expect, it } from 'vitest';
import { installGuards } from '#main/security/installGuards.ts';
import { FakeElectron } from '../../../fakes/fakeElectron.ts';

const origin = 'app://proxima';

describe('installGuards', () => {
  let electron: FakeElectron;
  beforeEach(() => {
    electron = new FakeElectron();
    installGuards(electron, origin);
  });

  const openWindow = () => {
    new electron.BrowserWindow({});
    return electron.windows[0]!;
  };

  it('answers every permission itself', () => {
    expect(electron.defaultSession.permissionRequest?.('fullscreen')).toBe(true);
    expect(electron.defaultSession.permissionRequest?.('media')).toBe(false);
    expect(electron.defaultSession.permissionCheck?.('geolocation')).toBe(false);
  });

  it('lets no request leave the app and no file be downloaded that the window did not make', () => {
    expect(electron.defaultSession.lets?.(`${origin}/assets/window.js`)).toBe(true);
    expect(electron.defaultSession.lets?.('https://example.com/')).toBe(false);
    expect(electron.defaultSession.download?.(`blob:${origin}/1`)).toBe(true);
    expect(electron.defaultSession.download?.('https://example.com/file')).toBe(false);
  });

  it('guards every page that is made later', () => {
    const { webContents } = openWindow();
    expect(webContents.navigate(`${origin}/`, true)).toBe(true);
    expect(webContents.navigate('https://example.com/', true)).toBe(false);
    expect(webContents.navigate(`${origin}/frame/`, false)).toBe(true);
    expect(webContents.navigate(`${origin}/`, false)).toBe(false);
    for (const event of ['will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      expect(webContents.listenerCount(event)).toBe(1);
    }
  });

  it('opens no window, and hands only outside links to the system', () => {
    const { webContents } = openWindow();
    expect(webContents.openHandler?.({ url: 'https://example.com/a' })).toEqual({ action: 'deny' });
    expect(webContents.openHandler?.({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
    expect(electron.opened).toEqual(['https://example.com/a']);
  });
});
