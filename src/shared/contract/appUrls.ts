/**
 * Where the app's own pages and assets lie under its origin, which is `app://proxima` in
 * Electron and an intercepted `https://proxima.invalid` on the Chromium host.
 */
export const appUrls = {
  /** The window's page. */
  window: (origin: string): string => `${origin}/`,
  /** The page of a book frame, to be framed with `sandbox="allow-scripts"`. */
  frame: (origin: string): string => `${origin}/frame/`,
  /** Scripts and styles that the build made; the frame's are among them. */
  assets: (origin: string): string => `${origin}/assets/`,
  /**
   * What PDF.js loads while it works: `pdf.worker.js` (a classic script), and the folders
   * `cmaps/`, `standard_fonts/`, `wasm/` and `iccs/`.
   */
  frameAssets: (origin: string): string => `${origin}/frame-assets/`,
  /** Root of every bulk address: see `bulkUrls`. */
  bulk: (origin: string): string => `${origin}/bulk/`,
} as const;
