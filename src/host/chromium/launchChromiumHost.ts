import type { ElectronParts } from '#main/electronParts.ts';
import type { DevtoolsPipe } from './devtoolsPipe.ts';
import { fileDialog } from './fileDialog.ts';
import { forkUtility } from './forkUtility.ts';
import { HostApp } from './hostApp.ts';
import { HostSession } from './hostSession.ts';
import { HostWindow, type WindowPlace } from './hostWindow.ts';
import { initScript } from './initScript.ts';
import { type LaunchBrowserOptions, launchBrowser } from './launchBrowser.ts';
import { openExternal } from './openExternal.ts';
import type { InvokeHandler } from './pageBinding.ts';
import { type PausedRequest, RequestRouter } from './requestRouter.ts';
import { watchTargets } from './targetWatcher.ts';
import { WindowPage } from './windowPage.ts';

/** Where the app lives on this host: a browser cannot be given a scheme of its own, and `.invalid` is nobody's (RFC 2606). */
export const CHROMIUM_ORIGIN = 'https://proxima.invalid';

export interface ChromiumHostOptions extends Omit<LaunchBrowserOptions, 'origin'> {
  readonly version: string;
  readonly preloadPath: string;
  readonly isOnlyInstance: boolean;
}

export interface ChromiumHost {
  readonly electron: ElectronParts;
  /** Resolves when the window is closed or the app has quit. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
  /** Hands over what a second start asked for, as Electron does. */
  secondInstance(commandLine: string[], workingDirectory: string): void;
}

/** What the app has asked of the host so far. */
interface AppSide {
  readonly session: HostSession;
  window: HostWindow | null;
  protocol: ((request: Request) => Promise<Response>) | null;
  readonly channels: Map<string, Parameters<ElectronParts['ipcMain']['handle']>[1]>;
}

/**
 * Starts an installed browser and offers Electron's parts over it, so that the same built
 * main process, preload and pages run where Electron's binary is missing.
 * @throws {HostError} `host/unavailable`
 */
export async function launchChromiumHost(options: ChromiumHostOptions): Promise<ChromiumHost> {
  const browser = await launchBrowser({ ...options, origin: CHROMIUM_ORIGIN });
  const side: AppSide = { session: new HostSession(), window: null, protocol: null, channels: new Map() };
  const close = async (): Promise<void> => {
    await browser.send('Browser.close').catch(() => browser.process.kill());
    await browser.closed;
  };
  const app = new HostApp({ ...options, quit: () => void close() });
  const page = await openWindowPage(browser, side, initScript(options.preloadPath, CHROMIUM_ORIGIN));
  void page.closed.then(() => app.emit('window-all-closed'));

  const adopt = (made: HostWindow): void => {
    side.window = made;
    app.emit('web-contents-created', {}, made.webContents);
  };
  const electron: ElectronParts = {
    app,
    BrowserWindow: class extends HostWindow {
      constructor(place: Partial<WindowPlace>) {
        super(page, place);
        adopt(this);
      }
    },
    dialog: { showOpenDialog: fileDialog },
    ipcMain: { handle: (channel, listener) => void side.channels.set(channel, listener) },
    // An app window of a browser has no menu bar: the window's own buttons and shortcuts do the same.
    Menu: { buildFromTemplate: () => ({}) as never, setApplicationMenu: () => undefined },
    protocol: {
      registerSchemesAsPrivileged: () => undefined,
      handle: (_scheme, handler) => {
        side.protocol = handler;
      },
    },
    session: { defaultSession: side.session },
    shell: { openExternal },
    utilityProcess: { fork: forkUtility },
  };
  return {
    electron,
    closed: browser.closed,
    close,
    secondInstance: (commandLine, workingDirectory) => app.emit('second-instance', {}, commandLine, workingDirectory),
  };
}

/** Attaches to the browser's targets; the first page is the window, any later one is refused. */
function openWindowPage(browser: DevtoolsPipe, side: AppSide, script: string): Promise<WindowPage> {
  const invoke: InvokeHandler = async (channel, event, args) => {
    const handler = side.channels.get(channel);
    if (!handler) throw new Error(`Nobody handles ${channel}.`);
    return handler(event, ...args);
  };
  return new Promise((resolve, reject) => {
    let router: RequestRouter | null = null;
    watchTargets(browser, async ({ sessionId, targetId, type }) => {
      const isWindow = type === 'page' && router === null;
      if (isWindow) router = new RequestRouter(browser, targetId, (request) => answerRequest(request, side));
      if (type !== 'page' && type !== 'iframe') return;
      const isStranger = type === 'page' && !isWindow;
      await router?.prepare(sessionId, isStranger);
      if (isWindow) resolve(await WindowPage.prepare({ browser, sessionId, targetId, invoke, script }));
      if (isStranger)
        setTimeout(() => void browser.send('Target.closeTarget', { targetId }).catch(ignore), STRANGER_MS);
    }).catch(reject);
    // A headless shell does not know `--app` and shows nothing by itself.
    setTimeout(() => {
      if (router === null) void browser.send('Target.createTarget', { url: 'about:blank' }).catch(reject);
    }, WINDOW_MS).unref();
    browser.closed.then(() => reject(new Error('The browser has ended.')), reject);
  });
}

/** How long a browser may take to show the window it was started with. */
const WINDOW_MS = 5_000;

/** Long enough for a new window to say where it wants to go, too short to be seen. */
const STRANGER_MS = 200;

/** Lets the app's guards decide, then its protocol handler answer. */
async function answerRequest(request: PausedRequest, { session, window, protocol }: AppSide): Promise<Response | null> {
  const { url, method, headers, navigates } = request;
  if (navigates === 'newWindow') {
    window?.webContents.askForWindow(url);
    return null;
  }
  if (navigates !== null && window?.webContents.letsNavigate(url, navigates === 'window') === false) return null;
  if (!protocol || !url.startsWith(`${CHROMIUM_ORIGIN}/`) || !(await session.lets(url))) return null;
  return protocol(new Request(url, { method, headers }));
}

const ignore = (): void => undefined;
