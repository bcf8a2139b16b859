import type { Tokenizer } from './tokenizer.ts';

/** Turns tokens into text as they come. A character that spans tokens is held back until it is whole. */
export class StreamingText {
  readonly #tokenizer: Tokenizer;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** The characters that are whole now; may be empty. */
  push(id: number): string {
    return this.#decoder.decode(this.#tokenizer.bytesOf(id), { stream: true });
  }

  /** What is left at the end: U+FFFD for a character that was never finished, else nothing. */
  finish(): string {
    return this.#decoder.decode();
  }
}
