import { describe, expect, it } from 'vitest';
import type { WindowState } from '#main/security/windowOptions.ts';
import { AppWindow } from '#main/windows.ts';
import { EVENT_CHANNEL } from '#shared/contract/index.ts';
import { FakeElectron } from '../../fakes/fakeElectron.ts';

function setUp(state: WindowState) {
  const electron = new FakeElectron();
  const saved: WindowState[] = [];
  const window = new AppWindow({
    BrowserWindow: electron.BrowserWindow,
    preloadPath: '/preload.cjs',
    origin: 'app://proxima',
    loadState: () => state,
    saveState: (changed) => saved.push(changed),
  });
  return { electron, saved, window };
}

describe('AppWindow', () => {
  const state: WindowState = { bounds: { x: 1, y: 2, width: 900, height: 700 }, maximised: true };

  it('opens where it was and shows itself when there is something to see', async () => {
    const { electron, window } = setUp(state);
    await window.open();
    const [opened] = electron.windows;
    expect(opened!.options).toMatchObject({ x: 1, y: 2, width: 900, height: 700 });
    expect(opened!.loaded).toEqual(['app://proxima/']);
    expect(opened!.calls).toEqual(['maximize']);
    opened!.emit('ready-to-show');
    expect(opened!.calls).toContain('show');
  });

  it('keeps where it stood when it is closed', async () => {
    const { electron, saved, window } = setUp({ ...state, maximised: false });
    await window.open();
    electron.windows[0]!.emit('close');
    expect(saved).toEqual([{ bounds: { x: 10, y: 20, width: 900, height: 700 }, maximised: false }]);
  });

  it('comes forward when it is opened again, and opens anew when it was closed', async () => {
    const { electron, window } = setUp(state);
    await window.open();
    const [first] = electron.windows;
    first!.minimised = true;
    await window.open();
    expect(electron.windows).toHaveLength(1);
    expect(first!.calls).toEqual(expect.arrayContaining(['restore', 'focus']));
    expect(window.contentsIds).toEqual(new Set([7]));
    first!.emit('closed');
    expect(window.contentsIds).toEqual(new Set());
    await window.open();
    expect(electron.windows).toHaveLength(2);
  });

  it('tells its page of events, and nobody while there is none', async () => {
    const { electron, window } = setUp(state);
    window.tell('command', { name: 'open' });
    await window.open();
    window.tell('command', { name: 'find' });
    expect(electron.windows[0]!.webContents.sent).toEqual([[EVENT_CHANNEL, 'command', { name: 'find' }]]);
  });
});
