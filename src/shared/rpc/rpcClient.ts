import { CallError, fromWire, type WireError } from '../errors/index.ts';
import { type CallMap, type CallOptions, isRpcMessage, type RpcMessage } from './callMap.ts';
import type { Port } from './port.ts';

interface PendingCall {
  resolve(output: unknown): void;
  reject(error: unknown): void;
  onProgress: ((progress: unknown) => void | Promise<void>) | undefined;
}

/** Whoever can carry out calls: a client, or what restarts a dead process behind one. */
export type Caller<Calls extends CallMap<keyof Calls>> = Pick<RpcClient<Calls>, 'call'>;

/** The calling end of a port. */
export class RpcClient<Calls extends CallMap<keyof Calls>> {
  readonly #port: Port;
  readonly #pending = new Map<number, PendingCall>();
  #nextId = 1;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => this.#close());
  }

  /**
   * Calls the far side and waits for its result.
   * @throws {ReaderError} what the far side threw, with its class; `call/cancelled` when
   *   `signal` is aborted; `call/disconnected` when the far side is gone.
   */
  call<Name extends keyof Calls & string>(
    name: Name,
    input: Calls[Name]['in'],
    options: CallOptions<Calls[Name]['progress']> = {},
  ): Promise<Calls[Name]['out']> {
    if (this.#closed) return Promise.reject(disconnected(name));
    if (options.signal?.aborted) return Promise.reject(cancelled());
    const id = this.#nextId++;
    return new Promise<Calls[Name]['out']>((resolve, reject) => {
      const cancel = (): void => {
        this.#pending.delete(id);
        this.#post({ rpc: 'cancel', id });
        reject(cancelled());
      };
      const settle = (): void => options.signal?.removeEventListener('abort', cancel);
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, {
        resolve: (output) => {
          settle();
          resolve(output);
        },
        reject: (error) => {
          settle();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
        onProgress: options.onProgress,
      });
      this.#post({ rpc: 'call', id, name, input });
    });
  }

  #post(message: RpcMessage): void {
    this.#port.post(message);
  }

  #receive(message: unknown): void {
    if (!isRpcMessage(message)) return;
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    switch (message.rpc) {
      case 'report':
        void this.#take(message.id, pending, message.progress);
        break;
      case 'result':
        this.#pending.delete(message.id);
        pending.resolve(message.output);
        break;
      case 'error':
        this.#pending.delete(message.id);
        pending.reject(fromWire(message.error as WireError));
        break;
      case 'call':
      case 'cancel':
      case 'taken':
        break;
      default:
        message satisfies never;
    }
  }

  async #take(id: number, pending: PendingCall, progress: unknown): Promise<void> {
    try {
      await pending.onProgress?.(progress);
    } finally {
      this.#post({ rpc: 'taken', id });
    }
  }

  #close(): void {
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.reject(disconnected('a running call'));
    this.#pending.clear();
  }
}

function cancelled(): CallError {
  return new CallError('call/cancelled', 'Stopped.', { advice: 'Start again when you like.', retryable: true });
}

function disconnected(name: string): CallError {
  return new CallError('call/disconnected', `The process that should carry out ${name} is gone.`, {
    advice: 'Try again; it is started anew.',
    retryable: true,
  });
}
