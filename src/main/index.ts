import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell, utilityProcess } from 'electron';
import type { ElectronParts } from './electronParts.ts';
import { fileArgument } from './fileArgument.ts';
import { jsFlags } from './jsFlags.ts';
import { startApp } from './startApp.ts';

/** Where Electron starts. Nothing else imports Electron itself: see `ElectronParts`. */
const electron: ElectronParts = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  session,
  shell,
  utilityProcess: {
    fork: (modulePath, args, options) =>
      utilityProcess.fork(modulePath, args, { ...options, execArgv: jsFlags(options.execArgv) }),
  },
};

// Not awaited: Electron becomes ready only after this module has run to its end.
void startApp(electron, {
  host: { name: 'electron', reason: 'The Electron program is installed.', origin: 'app://proxima' },
  openPath: fileArgument(process.argv, process.cwd()),
});
