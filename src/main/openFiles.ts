import type { ElectronParts } from './electronParts.ts';
import { fileArgument } from './fileArgument.ts';

/**
 * Files that the system asks Proxima to open. They wait until a page listens: the first ones
 * arrive before there is a window.
 */
export class OpenFiles {
  readonly #tell: (path: string) => void;
  #waiting: string[] = [];
  #listening = false;

  constructor(tell: (path: string) => void) {
    this.#tell = tell;
  }

  /** Hears of double clicks (macOS) and of second starts (elsewhere). */
  listen(app: ElectronParts['app'], onSecondStart: () => void): void {
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.open(path);
    });
    app.on('second-instance', (_event, commandLine, workingDirectory) => {
      const path = fileArgument(commandLine, workingDirectory);
      if (path !== null) this.open(path);
      onSecondStart();
    });
  }

  open(path: string): void {
    if (this.#listening) this.#tell(path);
    else this.#waiting.push(path);
  }

  /** A page listens now. */
  deliver(): void {
    this.#listening = true;
    for (const path of this.#waiting.splice(0)) this.#tell(path);
  }

  /** The page is gone; what comes now waits for the next. */
  hold(): void {
    this.#listening = false;
  }
}
