import type { Port } from './port.ts';

class PortEnd implements Port {
  peer: PortEnd | undefined;
  #listener: ((message: unknown) => void) | undefined;
  #onClose: (() => void) | undefined;
  /** What arrived before anyone listened. */
  #early: unknown[] = [];

  post(message: unknown): void {
    // A copy, as a process boundary would make one: neither side can change the other's data.
    const copy = structuredClone(message);
    const peer = this.peer;
    if (peer) queueMicrotask(() => peer.#deliver(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  close(): void {
    const peer = this.peer;
    this.peer = undefined;
    if (peer) peer.peer = undefined;
    this.#onClose?.();
    if (peer) peer.#onClose?.();
  }

  #deliver(message: unknown): void {
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }
}

/**
 * Two ports joined inside one process, with the manners of a real boundary: messages are
 * copied and arrive later. The command line runs the services this way, and so do tests.
 * `close` is what the end of a process is to the other side.
 */
export function portPair(): { readonly client: Port; readonly server: Port; readonly close: () => void } {
  const client = new PortEnd();
  const server = new PortEnd();
  client.peer = server;
  server.peer = client;
  return { client, server, close: () => client.close() };
}
