import type { Port } from './port.ts';

/** What a child process needs of `process`: Electron's utility process has `parentPort`, Node's fork has `send`. */
export interface ChildProcessGlobal {
  readonly parentPort?: {
    postMessage(message: unknown): void;
    on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  };
  send?(message: unknown): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/**
 * The child's end of the line to the process that started it, under Electron and under
 * plain Node alike: `serveRpc(childPort(process), handlers)`.
 *
 * An Electron utility process ends with its parent by itself; a forked one hears `disconnect`.
 * @throws {Error} when the process was started by neither.
 */
export function childPort(process: ChildProcessGlobal): Port {
  const { parentPort } = process;
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => void parentPort.on('message', (event) => listener(event.data)),
      onClose: () => undefined,
    };
  }
  if (!process.send) {
    throw new Error('This file is a child process of Proxima: it must be started with a channel to its parent.');
  }
  return {
    post: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}
