import type { BrowserWindowConstructorOptions } from 'electron';

/** Where a window stood when it was last closed. */
export interface WindowState {
  readonly bounds: { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number };
  readonly maximised: boolean;
}

/**
 * Options of every window Proxima opens. The page is treated as if it were a stranger's:
 * no Node, own world for the preload, Chromium's sandbox, and no feature that is not needed.
 */
export function windowOptions(preloadPath: string, state: WindowState): BrowserWindowConstructorOptions {
  return {
    ...state.bounds,
    minWidth: 640,
    minHeight: 480,
    title: 'Proxima',
    show: false,
    // The page paints its own background at once; this only avoids a white flash in the dark.
    backgroundColor: '#1b1b1f',
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}
