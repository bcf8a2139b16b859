import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, CustomScheme, MenuItemConstructorOptions } from 'electron';
import type {
  CallEvent,
  ContentsPart,
  ElectronParts,
  NavigationEvent,
  UtilityPart,
  WindowPart,
} from '#main/electronParts.ts';

/** Electron's parts without Electron: records what the app asks for, and lets a test act as the system. */
export class FakeElectron implements ElectronParts {
  readonly app = new FakeApp();
  readonly windows: FakeWindow[] = [];
  readonly schemes: CustomScheme[] = [];
  readonly protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  readonly channels = new Map<string, (event: CallEvent, ...args: unknown[]) => Promise<unknown>>();
  readonly opened: string[] = [];
  readonly children: FakeUtility[] = [];
  readonly defaultSession = new FakeSession();
  menu: MenuItemConstructorOptions[] = [];

  readonly BrowserWindow: ElectronParts['BrowserWindow'];
  readonly dialog = { showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }) };
  readonly ipcMain: ElectronParts['ipcMain'] = {
    handle: (channel, listener) => void this.channels.set(channel, listener),
  };
  readonly Menu: ElectronParts['Menu'] = {
    buildFromTemplate: (template) => {
      this.menu = template;
      return {} as never;
    },
    setApplicationMenu: () => undefined,
  };
  readonly protocol: ElectronParts['protocol'] = {
    registerSchemesAsPrivileged: (schemes) => void this.schemes.push(...schemes),
    handle: (scheme, handler) => void this.protocolHandlers.set(scheme, handler),
  };
  readonly session = { defaultSession: this.defaultSession };
  readonly shell = {
    openExternal: (url: string) => {
      this.opened.push(url);
      return Promise.resolve();
    },
  };
  readonly utilityProcess: ElectronParts['utilityProcess'] = {
    fork: (modulePath, _args, options) => {
      const child = new FakeUtility(modulePath, options.execArgv ?? []);
      this.children.push(child);
      return child;
    },
  };

  constructor() {
    const adopt = (window: FakeWindow): void => {
      this.windows.push(window);
      this.app.emit('web-contents-created', {}, window.webContents);
    };
    this.BrowserWindow = class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        adopt(this);
      }
    };
  }
}

export class FakeApp extends EventEmitter {
  isFirst = true;
  quits = 0;
  getVersion = (): string => '1.2.3';
  whenReady = (): Promise<void> => Promise.resolve();
  requestSingleInstanceLock = (): boolean => this.isFirst;
  quit = (): void => {
    this.quits += 1;
  };
}

export class FakeContents extends EventEmitter implements ContentsPart {
  readonly id = 7;
  readonly sent: unknown[][] = [];
  openHandler: Parameters<ContentsPart['setWindowOpenHandler']>[0] | null = null;
  send = (channel: string, ...args: unknown[]): void => void this.sent.push([channel, ...args]);
  setWindowOpenHandler = (handler: Parameters<ContentsPart['setWindowOpenHandler']>[0]): void => {
    this.openHandler = handler;
  };

  /** A frame wants to go to `url`. @returns whether the app lets it */
  navigate(url: string, isMainFrame: boolean): boolean {
    let follows = true;
    const event: NavigationEvent = {
      url,
      isMainFrame,
      preventDefault: () => {
        follows = false;
      },
    };
    this.emit('will-frame-navigate', event);
    return follows;
  }
}

export class FakeWindow extends EventEmitter implements WindowPart {
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly loaded: string[] = [];
  calls: string[] = [];
  minimised = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  loadURL = (url: string): Promise<void> => {
    this.loaded.push(url);
    return Promise.resolve();
  };
  show = (): void => void this.calls.push('show');
  focus = (): void => void this.calls.push('focus');
  restore = (): void => void this.calls.push('restore');
  maximize = (): void => void this.calls.push('maximize');
  isMinimized = (): boolean => this.minimised;
  isMaximized = (): boolean => this.calls.includes('maximize');
  isDestroyed = (): boolean => false;
  getNormalBounds = () => ({ x: 10, y: 20, width: 900, height: 700 });
}

export class FakeSession {
  permissionRequest: ((permission: string) => boolean) | null = null;
  permissionCheck: ((permission: string) => boolean) | null = null;
  lets: ((url: string) => boolean) | null = null;
  download: ((url: string) => boolean) | null = null;

  setPermissionRequestHandler = (
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void => {
    this.permissionRequest = (permission) => {
      let answer = true;
      handler(null, permission, (granted) => {
        answer = granted;
      });
      return answer;
    };
  };
  setPermissionCheckHandler = (handler: (contents: unknown, permission: string) => boolean): void => {
    this.permissionCheck = (permission) => handler(null, permission);
  };
  readonly webRequest = {
    onBeforeRequest: (
      listener: (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void,
    ): void => {
      this.lets = (url) => {
        let cancelled = false;
        listener({ url }, ({ cancel }) => {
          cancelled = cancel === true;
        });
        return !cancelled;
      };
    },
  };
  on = (
    _event: 'will-download',
    listener: (event: { preventDefault(): void }, item: { getURL(): string }) => void,
  ): void => {
    this.download = (url) => {
      let allowed = true;
      listener(
        {
          preventDefault: () => {
            allowed = false;
          },
        },
        { getURL: () => url },
      );
      return allowed;
    };
  };
}

export class FakeUtility extends EventEmitter implements UtilityPart {
  readonly pid = 4_242;
  readonly modulePath: string;
  readonly execArgv: readonly string[];
  readonly posted: unknown[] = [];
  killed = false;

  constructor(modulePath: string, execArgv: readonly string[]) {
    super();
    this.modulePath = modulePath;
    this.execArgv = execArgv;
  }

  postMessage = (message: unknown): void => void this.posted.push(message);
  kill = (): boolean => {
    this.killed = true;
    return true;
  };

  /** The process ends. */
  die(code: number): void {
    this.emit('exit', code);
  }
}
