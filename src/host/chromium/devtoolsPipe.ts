import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { HostError } from '#shared/errors/index.ts';

/** What an event of the DevTools protocol carries. */
export type DevtoolsParams = Readonly<Record<string, unknown>>;
export type DevtoolsListener = (params: DevtoolsParams, sessionId: string | undefined) => void;

interface Pending {
  resolve(result: DevtoolsParams): void;
  reject(error: Error): void;
}

interface DevtoolsMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: DevtoolsParams;
  readonly result?: DevtoolsParams;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/**
 * A browser that was started with `--remote-debugging-pipe`, and the line to it: JSON messages
 * that end with a zero byte, over two file descriptors. No port is open, so nobody else on the
 * machine can drive it.
 *
 * playwright-core is not used here: it counts a page as crashed for good when the process of
 * any frame in it dies, and a book frame may die (docs/adr/0060-devtools-pipe.md).
 */
export class DevtoolsPipe {
  readonly process: ChildProcess;
  /** Resolves when the browser has ended. */
  readonly closed: Promise<void>;
  readonly #toBrowser: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<DevtoolsListener>>();
  #nextId = 1;
  #unread = '';

  constructor(program: string, args: readonly string[]) {
    this.process = spawn(program, ['--remote-debugging-pipe', ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#toBrowser = this.process.stdio[3] as Writable;
    const fromBrowser = this.process.stdio[4] as Readable;
    fromBrowser.setEncoding('utf8');
    fromBrowser.on('data', (text: string) => this.#receive(text));
    // Written to after the browser has ended: `closed` tells.
    this.#toBrowser.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      const end = (): void => {
        this.#close();
        resolve();
      };
      this.process.once('exit', end);
      this.process.once('error', end);
    });
  }

  /**
   * @param sessionId of an attached target; the browser itself when left out
   * @throws {HostError} `host/unavailable` with what the browser answered, or because it has ended
   */
  send(method: string, params: DevtoolsParams = {}, sessionId?: string): Promise<DevtoolsParams> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        reject(failed(method, 'the browser has ended'));
        return;
      }
      this.#pending.set(id, { resolve, reject: (error) => reject(failed(method, error.message)) });
      this.#toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  on(method: string, listener: DevtoolsListener): void {
    this.#listeners.set(method, (this.#listeners.get(method) ?? new Set()).add(listener));
  }

  #receive(text: string): void {
    const parts = (this.#unread + text).split('\0');
    this.#unread = parts.pop() ?? '';
    for (const part of parts) this.#take(JSON.parse(part) as DevtoolsMessage);
  }

  #take({ id, method, params = {}, result = {}, error, sessionId }: DevtoolsMessage): void {
    if (method !== undefined) {
      for (const listener of this.#listeners.get(method) ?? []) listener(params, sessionId);
      return;
    }
    const pending = this.#pending.get(id ?? 0);
    this.#pending.delete(id ?? 0);
    if (error) pending?.reject(new Error(error.message));
    else pending?.resolve(result);
  }

  #close(): void {
    for (const pending of this.#pending.values()) pending.reject(new Error('the browser has ended'));
    this.#pending.clear();
  }
}

function failed(method: string, reason: string): HostError {
  return new HostError('host/unavailable', `The browser did not carry out ${method}: ${reason}.`, {
    advice: 'Close the window and start Proxima again.',
    retryable: true,
  });
}
