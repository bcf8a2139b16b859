import type { MenuItemConstructorOptions } from 'electron';
import type { AppCommand } from '../shared/contract/index.ts';

/**
 * The system menu. Its own entries become commands for the window; roles are Electron's.
 * Keys that the window handles itself are shown but not taken (`registerAccelerator: false`).
 */
export function menuTemplate(isMac: boolean, command: (name: AppCommand) => void): MenuItemConstructorOptions[] {
  const entry = (label: string, accelerator: string, name: AppCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => command(name),
  });
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [entry('Open…', 'CmdOrCtrl+O', 'open'), { type: 'separator' }, { role: isMac ? 'close' : 'quit' }],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      entry('Find in Book', 'CmdOrCtrl+F', 'find'),
      entry('Contents', 'CmdOrCtrl+B', 'toggleOutline'),
      entry('Questions', 'CmdOrCtrl+J', 'toggleChat'),
      { type: 'separator' },
      entry('Zoom In', 'CmdOrCtrl+Plus', 'zoomIn'),
      entry('Zoom Out', 'CmdOrCtrl+-', 'zoomOut'),
      entry('Actual Size', 'CmdOrCtrl+0', 'zoomReset'),
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  return [...(isMac ? [{ role: 'appMenu' } as const] : []), file, { role: 'editMenu' }, view, { role: 'windowMenu' }];
}
