import { join } from 'node:path';
import type { ElectronParts } from './electronParts.ts';
import { registerCalls } from './ipc/registerCalls.ts';
import { menuTemplate } from './menu.ts';
import { OpenFiles } from './openFiles.ts';
import { appProtocol } from './protocol/appProtocol.ts';
import { installGuards } from './security/installGuards.ts';
import { isTrustedSender } from './security/isTrustedSender.ts';
import { appHandlers } from './services/appHandlers.ts';
import { type AppServices, openAppServices } from './services/appServices.ts';
import { bulkSource } from './services/bulkSource.ts';
import { firstWindowState } from './windowState.ts';
import { AppWindow } from './windows.ts';

export interface StartAppOptions {
  readonly host: {
    readonly name: 'electron' | 'chromium';
    /** Why this host, in one sentence for people. */
    readonly reason: string;
    /** Where the app's own pages live: see `appUrls`. */
    readonly origin: string;
  };
  /** A document to open at once. */
  readonly openPath: string | null;
}

export interface RunningApp {
  readonly services: AppServices;
  /** Stops all work and closes the library; the host closes the window. */
  dispose(): Promise<void>;
}

/** This file is built into `out/main`. */
const outDir = join(import.meta.dirname, '..');
const resourcesDir = join(outDir, '..', 'resources');

/**
 * Starts Proxima on a host, in this order: what must be said before anything is ready, the
 * services, the guards, the protocol, the calls, and at last the window.
 *
 * @returns null when another Proxima runs on the same data folder: it has been told, this one ends.
 */
export async function startApp(electron: ElectronParts, options: StartAppOptions): Promise<RunningApp | null> {
  const { app } = electron;
  const { origin } = options.host;
  const scheme = new URL(origin).protocol.slice(0, -1);
  electron.protocol.registerSchemesAsPrivileged([{ scheme, privileges: schemePrivileges }]);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  const openFiles = new OpenFiles((path) => window.tell('openFile', { path }));
  openFiles.listen(app, () => void window.open());
  if (options.openPath !== null) openFiles.open(options.openPath);
  await app.whenReady();

  const services = await openAppServices({
    utilityProcess: electron.utilityProcess,
    outDir,
    resourcesDir,
    tell: (name, payload) => window.tell(name, payload),
  });
  const { settings } = services;
  const window = new AppWindow({
    BrowserWindow: electron.BrowserWindow,
    preloadPath: join(outDir, 'preload/preload.cjs'),
    origin,
    loadState: () => settings.windowState() ?? firstWindowState,
    saveState: (state) => settings.saveWindowState(state),
  });

  installGuards(electron, origin);
  electron.protocol.handle(scheme, appProtocol({ origin, outDir, bulk: bulkSource(services) }));
  registerCalls({
    ipcMain: electron.ipcMain,
    isTrusted: (event) => isTrustedSender(event, window.contentsIds, origin),
    handlers: appHandlers({
      services,
      dialog: electron.dialog,
      resourcesDir,
      about: { version: app.getVersion(), host: options.host.name, hostReason: options.host.reason, origin },
      onPageReady: () => openFiles.deliver(),
    }),
  });
  const isMac = process.platform === 'darwin';
  const menu = menuTemplate(isMac, (name) => window.tell('command', { name }));
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menu));

  let disposed: Promise<void> | null = null;
  const dispose = (): Promise<void> => (disposed ??= services.dispose());
  app.on('before-quit', () => void dispose());
  app.on('window-all-closed', () => {
    openFiles.hold();
    if (!isMac || options.host.name === 'chromium') app.quit();
  });
  app.on('activate', () => void window.open());

  await window.open();
  services.engine.start();
  return { services, dispose };
}

/** What a scheme of our own needs to be treated like `https:` by its own pages, and no more. */
const schemePrivileges = { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true };
