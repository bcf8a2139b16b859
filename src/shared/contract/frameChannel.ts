import type { FrameEvent } from './frameCalls.ts';

/**
 * The first and only message the window posts to a book frame with `postMessage`, once the
 * frame has loaded. It carries one end of a message channel (`event.ports[0]`); all else
 * goes over that: `FrameCalls` as calls (`serveRpc` in the frame, `RpcClient` in the window)
 * and events wrapped as below. The frame sends `{ type: 'ready' }` as soon as it serves.
 */
export interface FrameGreeting {
  readonly proxima: 'frame-port';
}

export const frameGreeting: FrameGreeting = { proxima: 'frame-port' };

/** Whether a message from outside is the greeting. */
export function isFrameGreeting(message: unknown): message is FrameGreeting {
  return typeof message === 'object' && message !== null && 'proxima' in message && message.proxima === 'frame-port';
}

/** How an event of the frame travels on the port, so that it is never taken for a call. */
export interface FrameEventMessage {
  readonly frameEvent: FrameEvent;
}

/** Whether a message on the port is an event of the frame. */
export function isFrameEventMessage(message: unknown): message is FrameEventMessage {
  return typeof message === 'object' && message !== null && 'frameEvent' in message;
}
