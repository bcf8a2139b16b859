/** One message for each frame of a 30 Hz display: as often as an eye can follow a text that grows. */
export const BATCH_MS = 33;

/**
 * Gathers what comes in bursts and hands it on in one piece, at most every `BATCH_MS`. Order
 * is kept and nothing is left behind: the last piece follows within the same time.
 */
export class EventBatch<Event> {
  readonly #send: (events: readonly Event[]) => void;
  #waiting: Event[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (events: readonly Event[]) => void) {
    this.#send = send;
  }

  add(event: Event): void {
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Hands over now what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#send(this.#waiting.splice(0));
  }
}
