import type { AnswerEvent, AnswerId, NumberedAnswerEvent } from '#shared/domain/index.ts';

/** Numbers the events of one answer, and keeps its text. Nothing follows the event that ends it. */
export class AnswerStream {
  readonly #answerId: AnswerId;
  readonly #listener: (event: NumberedAnswerEvent) => void | Promise<void>;
  #sequence = 0;
  #ended = false;
  #text = '';

  constructor(answerId: AnswerId, listener: (event: NumberedAnswerEvent) => void | Promise<void>) {
    this.#answerId = answerId;
    this.#listener = listener;
  }

  /** What has been streamed so far and still counts. */
  get text(): string {
    return this.#text;
  }

  /** Resolves when the listener can take more. */
  async emit(event: AnswerEvent): Promise<void> {
    if (this.#ended) return;
    if (event.type === 'token') this.#text += event.text;
    if (event.type === 'restarted') this.#text = '';
    if (event.type === 'finished' || event.type === 'failed' || event.type === 'cancelled') this.#ended = true;
    await this.#listener({ ...event, answerId: this.#answerId, sequence: this.#sequence++ });
  }

  /** Text that Proxima says itself, in between what the model says. */
  say(text: string): Promise<void> {
    return this.emit({ type: 'token', text, ids: [] });
  }
}
