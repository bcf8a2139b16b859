/** Where a command writes: answers to `out`, everything about them to `err`, so that pipes stay clean. */
export interface Terminal {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Lines of progress that are no terminal (logs, pipes) come at most this often. */
const LOG_INTERVAL_MS = 5_000;
const TERMINAL_INTERVAL_MS = 100;

/** One line of progress on the error stream, rewritten in place on a terminal. */
export class ProgressLine {
  readonly #terminal: Terminal;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    const { err } = this.#terminal;
    const now = performance.now();
    const interval = err.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (now - this.#shownAt < interval) return;
    this.#shownAt = now;
    this.#isOpen = true;
    err.write(err.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
  }

  /** Takes the line away, so that what follows starts on a clean one. */
  clear(): void {
    if (this.#isOpen && this.#terminal.err.isTTY) this.#terminal.err.write('\r\u001b[2K');
    this.#isOpen = false;
    this.#shownAt = Number.NEGATIVE_INFINITY;
  }
}
