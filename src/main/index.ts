import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell, utilityProcess } from 'electron';
import type { ElectronParts } from './electronParts.ts';
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
  utilityProcess,
};

await startApp(electron, {
  host: { name: 'electron', reason: "Electron's binary is installed.", origin: 'app://proxima' },
});
