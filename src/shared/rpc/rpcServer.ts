import { CallError, toWire } from '../errors/index.ts';
import {
  type CallContext,
  type CallMap,
  type Handlers,
  isRpcMessage,
  MAX_UNREAD_REPORTS,
  type RpcMessage,
} from './callMap.ts';
import type { Port } from './port.ts';

type AnyHandler = (input: unknown, context: CallContext<unknown>) => unknown;

class RunningCall {
  readonly controller = new AbortController();
  #unread = 0;
  #waiting: (() => void)[] = [];

  sent(): Promise<void> {
    this.#unread += 1;
    if (this.#unread < MAX_UNREAD_REPORTS) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  taken(): void {
    this.#unread -= 1;
    this.#waiting.shift()?.();
  }

  cancel(): void {
    this.controller.abort();
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

/**
 * The answering end of a port: runs a handler for each call, hands its reports on, and
 * aborts its signal when the caller stops waiting or is gone.
 */
export function serveRpc<Calls extends CallMap<keyof Calls>>(port: Port, handlers: Handlers<Calls>): void {
  const running = new Map<number, RunningCall>();
  const post = (message: RpcMessage): void => port.post(message);

  const start = async (id: number, name: string, input: unknown): Promise<void> => {
    const call = new RunningCall();
    running.set(id, call);
    try {
      const handler = Object.hasOwn(handlers, name)
        ? (handlers as Readonly<Record<string, AnyHandler>>)[name]
        : undefined;
      if (!handler) {
        throw new CallError('call/unknown', `No call is named "${name}".`, {
          advice: 'Restart Proxima: its parts are of different versions.',
        });
      }
      const output = await handler(input, {
        signal: call.controller.signal,
        report: (progress: unknown) => {
          post({ rpc: 'report', id, progress });
          return call.sent();
        },
      });
      post({ rpc: 'result', id, output });
    } catch (thrown) {
      post({ rpc: 'error', id, error: toWire(thrown) });
    } finally {
      running.delete(id);
    }
  };

  port.onMessage((message) => {
    if (!isRpcMessage(message)) return;
    if (message.rpc === 'call') void start(message.id, message.name, message.input);
    else if (message.rpc === 'cancel') running.get(message.id)?.cancel();
    else if (message.rpc === 'taken') running.get(message.id)?.taken();
  });
  port.onClose(() => {
    for (const call of running.values()) call.cancel();
  });
}
