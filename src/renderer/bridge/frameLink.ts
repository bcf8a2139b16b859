import { type FrameCalls, type FrameEvent, frameGreeting, isFrameEventMessage } from '#shared/contract/index.ts';
import { CallError } from '#shared/errors/index.ts';
import { type CallOptions, type Port, RpcClient } from '#shared/rpc/index.ts';

/**
 * A frame that is silent for so long is said to be lost. Parsing is on its worker and painting
 * in short slices, so its thread is never busy so long. This is also how a killed process is
 * noticed: its port's `close` event does not come (seen with Chromium 156).
 */
export const FRAME_SILENCE_MS = 8_000;
const HEARTBEAT_MS = 2_000;

/** How the window speaks with one book frame. */
export interface FrameLink {
  call<Name extends keyof FrameCalls>(name: Name, input: FrameCalls[Name]['in']): Promise<FrameCalls[Name]['out']>;
  dispose(): void;
}

export interface FrameListeners {
  onEvent(event: FrameEvent): void;
  /** Called once when the frame is gone or has not answered for `FRAME_SILENCE_MS`. */
  onLost(error: CallError): void;
}

/** Opens a message channel to a frame that has loaded. Its `ready` event says that calls are served. */
export function connectFrame(target: Window, listeners: FrameListeners): FrameLink {
  const channel = new MessageChannel();
  // The frame's origin is opaque, so no target origin can be named; the port is what is secret.
  target.postMessage(frameGreeting, '*', [channel.port2]);
  return new PortFrameLink(channel.port1, listeners);
}

/** A frame link over one end of a message channel. */
export class PortFrameLink implements FrameLink {
  readonly #port: MessagePort;
  readonly #client: RpcClient<FrameCalls>;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #listeners: FrameListeners;
  #heardAt = Date.now();
  #beatAt = Date.now();
  #over = false;

  constructor(port: MessagePort, listeners: FrameListeners) {
    this.#port = port;
    this.#listeners = listeners;
    const closers: (() => void)[] = [];
    const messages: ((message: unknown) => void)[] = [];
    const rpcPort: Port = {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => messages.push(listener),
      onClose: (listener) => closers.push(listener),
    };
    this.#client = new RpcClient<FrameCalls>(rpcPort);
    port.addEventListener('message', (event: MessageEvent<unknown>) => {
      this.#heardAt = Date.now();
      if (isFrameEventMessage(event.data)) listeners.onEvent(event.data.frameEvent);
      else for (const listener of messages) listener(event.data);
    });
    // Comes when the frame's page goes away in good order.
    port.addEventListener('close', () => {
      for (const listener of closers) listener();
      this.#lose('The process that shows this book has ended.');
    });
    port.start();
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  call<Name extends keyof FrameCalls>(
    name: Name,
    input: FrameCalls[Name]['in'],
    options?: CallOptions<never>,
  ): Promise<FrameCalls[Name]['out']> {
    return this.#client.call(name, input, options);
  }

  dispose(): void {
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#port.close();
  }

  #beat(): void {
    const now = Date.now();
    // After the machine has slept the silence was everybody's: the frame gets its time anew.
    if (now - this.#beatAt > 2 * HEARTBEAT_MS) this.#heardAt = now;
    this.#beatAt = now;
    if (now - this.#heardAt > FRAME_SILENCE_MS) {
      this.#lose(`The page view has not answered for ${Math.round(FRAME_SILENCE_MS / 1000)} seconds.`);
      return;
    }
    this.#client.call('ping', null).catch(() => undefined);
  }

  #lose(message: string): void {
    if (this.#over) return;
    this.dispose();
    this.#listeners.onLost(
      new CallError('call/disconnected', message, {
        advice: 'Reload the book. Your place, the library and the conversation are kept.',
        retryable: true,
      }),
    );
  }
}
