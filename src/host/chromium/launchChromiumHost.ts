import type { Page } from 'playwright-core';
import type { CallEvent, ElectronParts, FramePart } from '#main/electronParts.ts';
import { fileDialog } from './fileDialog.ts';
import { forkUtility } from './forkUtility.ts';
import { HostApp } from './hostApp.ts';
import { HostSession } from './hostSession.ts';
import { HostWindow, type WindowPlace } from './hostWindow.ts';
import { INVOKE_BINDING, initScript } from './initScript.ts';
import { type LaunchBrowserOptions, launchBrowser } from './launchBrowser.ts';
import { openExternal } from './openExternal.ts';
import { requestRouter } from './requestRouter.ts';

/** Where the app lives on this host: a browser cannot be given a scheme of its own, and `.invalid` is nobody's (RFC 2606). */
export const CHROMIUM_ORIGIN = 'https://proxima.invalid';

export interface ChromiumHostOptions extends Omit<LaunchBrowserOptions, 'origin'> {
  readonly version: string;
  readonly preloadPath: string;
  readonly isOnlyInstance: boolean;
}

export interface ChromiumHost {
  readonly electron: ElectronParts;
  readonly page: Page;
  /** Resolves when the window is closed or the app has quit. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
  /** Hands over what a second start asked for, as Electron does. */
  secondInstance(commandLine: string[], workingDirectory: string): void;
}

/**
 * Starts an installed browser and offers Electron's parts over it, so that the same built
 * main process, preload and pages run where Electron's binary is missing.
 * @throws {HostError} `host/unavailable`
 */
export async function launchChromiumHost(options: ChromiumHostOptions): Promise<ChromiumHost> {
  const context = await launchBrowser({ ...options, origin: CHROMIUM_ORIGIN });
  const page = context.pages()[0] ?? (await context.newPage());
  const devtools = await context.newCDPSession(page);
  const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    await context.close();
    await closed;
  };

  const app = new HostApp({ ...options, quit: () => void close() });
  const session = new HostSession();
  let window: HostWindow | null = null;
  let protocolHandler: ((request: Request) => Promise<Response>) | null = null;
  const channels = new Map<string, (event: CallEvent, ...args: unknown[]) => Promise<unknown>>();

  await context.exposeBinding(INVOKE_BINDING, ({ frame, page: sender }, channel: string, args: unknown[]) => {
    const handler = channels.get(channel);
    if (!handler) throw new Error(`Nobody handles ${channel}.`);
    const senderFrame = framePart(frame, frame === sender.mainFrame());
    return handler({ senderFrame, sender: { id: sender === page ? 1 : 0 } }, ...args);
  });
  await context.addInitScript({ content: initScript(options.preloadPath, CHROMIUM_ORIGIN) });
  await context.route(
    '**/*',
    requestRouter({
      origin: CHROMIUM_ORIGIN,
      page,
      contents: () => window?.webContents ?? null,
      lets: (url) => session.lets(url),
      answer: () => protocolHandler,
    }),
  );
  context.on('page', (other) => void other.close().catch(() => undefined));
  page.once('close', () => app.emit('window-all-closed'));

  const adopt = (made: HostWindow): void => {
    window = made;
    app.emit('web-contents-created', {}, made.webContents);
  };
  const electron: ElectronParts = {
    app,
    BrowserWindow: class extends HostWindow {
      constructor(place: Partial<WindowPlace>) {
        super(page, devtools, place);
        adopt(this);
      }
    },
    dialog: { showOpenDialog: fileDialog },
    ipcMain: { handle: (channel, listener) => void channels.set(channel, listener) },
    // An app window of a browser has no menu bar: the window's own buttons and shortcuts do the same.
    Menu: { buildFromTemplate: () => ({}) as never, setApplicationMenu: () => undefined },
    protocol: {
      registerSchemesAsPrivileged: () => undefined,
      handle: (_scheme, handler) => {
        protocolHandler = handler;
      },
    },
    session: { defaultSession: session },
    shell: { openExternal },
    utilityProcess: { fork: forkUtility },
  };
  return {
    electron,
    page,
    closed,
    close,
    secondInstance: (commandLine, workingDirectory) => app.emit('second-instance', {}, commandLine, workingDirectory),
  };
}

/** A frame as Electron would describe it. A sandboxed frame's origin is opaque: `null`. */
function framePart(frame: { url(): string }, isMain: boolean): FramePart {
  const url = frame.url();
  if (!isMain) return { url, origin: 'null', parent: { url: '', origin: '', parent: null } };
  return { url, origin: URL.canParse(url) ? new URL(url).origin : 'null', parent: null };
}
