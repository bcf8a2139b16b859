import type * as Electron from 'electron';

/**
 * All of Electron that the main process uses, member by member. Nothing else of Proxima
 * imports Electron: the real one is checked against this in `index.ts`, the Chromium host
 * offers it over an installed browser, and tests give a fake that records what is asked.
 */
export interface ElectronParts {
  readonly app: AppPart;
  readonly BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => WindowPart;
  readonly dialog: {
    showOpenDialog(
      options: Electron.OpenDialogOptions,
    ): Promise<{ readonly canceled: boolean; readonly filePaths: string[] }>;
  };
  readonly ipcMain: {
    handle(channel: string, listener: (event: CallEvent, ...args: unknown[]) => Promise<unknown>): void;
  };
  readonly Menu: {
    buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): Electron.Menu;
    setApplicationMenu(menu: Electron.Menu | null): void;
  };
  readonly protocol: {
    registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void;
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
  };
  readonly session: { readonly defaultSession: SessionPart };
  readonly shell: { openExternal(url: string): Promise<void> };
  readonly utilityProcess: {
    fork(modulePath: string, args: string[], options: Electron.ForkOptions): UtilityPart;
  };
}

export interface AppPart {
  getVersion(): string;
  whenReady(): Promise<void>;
  quit(): void;
  requestSingleInstanceLock(): boolean;
  on(event: 'window-all-closed' | 'activate' | 'before-quit', listener: () => void): unknown;
  on(
    event: 'second-instance',
    listener: (event: Electron.Event, commandLine: string[], workingDirectory: string) => void,
  ): unknown;
  on(event: 'open-file', listener: (event: Electron.Event, path: string) => void): unknown;
  on(event: 'web-contents-created', listener: (event: Electron.Event, contents: ContentsPart) => void): unknown;
}

/** A frame of a page, as the sender checks see it. */
export interface FramePart {
  readonly url: string;
  readonly origin: string;
  /** Null for the page's own frame. */
  readonly parent: FramePart | null;
}

/** What comes with a call from a page. */
export interface CallEvent {
  /** Null when the frame has gone since. */
  readonly senderFrame: FramePart | null;
  readonly sender: { readonly id: number };
}

export interface NavigationEvent {
  readonly url: string;
  readonly isMainFrame: boolean;
  preventDefault(): void;
}

export interface ContentsPart {
  readonly id: number;
  send(channel: string, ...args: unknown[]): void;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { action: 'deny' }): void;
  on(event: 'will-frame-navigate' | 'will-redirect', listener: (event: NavigationEvent) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
}

export interface WindowPart {
  readonly webContents: ContentsPart;
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  restore(): void;
  maximize(): void;
  isMinimized(): boolean;
  isMaximized(): boolean;
  isDestroyed(): boolean;
  /** Place and size of the window when it is not maximised, in device-independent pixels. */
  getNormalBounds(): Electron.Rectangle;
  on(event: 'close' | 'closed' | 'ready-to-show', listener: () => void): unknown;
}

export interface SessionPart {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { readonly url: string }, callback: (response: { cancel?: boolean }) => void) => void,
    ): void;
  };
  on(
    event: 'will-download',
    listener: (event: { preventDefault(): void }, item: { getURL(): string }) => void,
  ): unknown;
}

export interface UtilityPart {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  kill(): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
}
