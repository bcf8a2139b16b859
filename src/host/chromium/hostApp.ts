import { EventEmitter } from 'node:events';
import type { AppPart } from '#main/electronParts.ts';

export interface HostAppOptions {
  readonly version: string;
  /** Whether this is the only Proxima on its data folder. */
  readonly isOnlyInstance: boolean;
  readonly quit: () => void;
}

/** `app` on the Chromium host. The browser runs before the app starts, so it is ready from the beginning. */
export class HostApp extends EventEmitter implements AppPart {
  readonly #options: HostAppOptions;

  constructor(options: HostAppOptions) {
    super();
    this.#options = options;
  }

  getVersion(): string {
    return this.#options.version;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  requestSingleInstanceLock(): boolean {
    return this.#options.isOnlyInstance;
  }

  quit(): void {
    this.emit('before-quit');
    this.#options.quit();
  }
}
