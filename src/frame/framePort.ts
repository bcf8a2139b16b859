import { type FrameEvent, type FrameEventMessage, isFrameGreeting } from '#shared/contract/index.ts';
import type { Port } from '#shared/rpc/index.ts';

/** The frame's end of the line to its window. */
export interface FramePort extends Port {
  readonly send: (event: FrameEvent) => void;
}

/**
 * Waits for the one message by which the window hands a line over (`FrameGreeting`). Only
 * the page that holds this frame is listened to, and only once.
 */
export function acceptPort(): Promise<FramePort> {
  return new Promise((resolve) => {
    const listen = (message: MessageEvent<unknown>): void => {
      const port = message.ports[0];
      if (message.source !== window.parent || !isFrameGreeting(message.data) || !port) return;
      window.removeEventListener('message', listen);
      resolve(overMessagePort(port));
    };
    window.addEventListener('message', listen);
  });
}

function overMessagePort(port: MessagePort): FramePort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.addEventListener('close', listener, { once: true }),
    send: (frameEvent) => port.postMessage({ frameEvent } satisfies FrameEventMessage),
  };
}
