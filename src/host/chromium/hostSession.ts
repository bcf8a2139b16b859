import type { SessionPart } from '#main/electronParts.ts';

type RequestListener = Parameters<SessionPart['webRequest']['onBeforeRequest']>[0];

/**
 * `session.defaultSession` on the Chromium host. Requests pass the app's filter here too.
 * Permissions are the browser's own business: it asks the person, and the app's pages ask
 * for none. A download is the browser's business too: only the window's own page can begin one.
 */
export class HostSession implements SessionPart {
  #filter: RequestListener | null = null;

  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener): void => {
      this.#filter = listener;
    },
  };

  setPermissionRequestHandler(): void {
    // See above.
  }

  setPermissionCheckHandler(): void {
    // See above.
  }

  on(): void {
    // See above.
  }

  /** Whether the app lets a request out. Nothing is let out before it has said so. */
  lets(url: string): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#filter) this.#filter({ url }, ({ cancel }) => resolve(cancel !== true));
      else resolve(false);
    });
  }
}
