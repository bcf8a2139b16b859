/**
 * One end of a two-way line between processes that carries structured-cloneable messages
 * in order. Electron's utility processes, Node's forked processes and a frame's message
 * channel all fit it.
 */
export interface Port {
  post(message: unknown): void;
  /** Called for each message of the far end. Set once. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the far end is gone. */
  onClose(listener: () => void): void;
}
