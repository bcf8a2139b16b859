import type { FrameEvent } from '#shared/contract/index.ts';
import type { BookInfo, TextPosition } from '#shared/domain/index.ts';

/** While the book moves, its place is told at most so often. */
const DELAY_MS = 120;

/** Tells the window where the reader is, once the view rests, and only when the place is another one. */
export class PositionTeller {
  readonly #info: BookInfo;
  readonly #send: (event: FrameEvent) => void;
  readonly #place: () => TextPosition;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told: TextPosition | null = null;

  /** @param place finds the first line in view; asked for when it is told, not before */
  constructor(info: BookInfo, send: (event: FrameEvent) => void, place: () => TextPosition) {
    this.#info = info;
    this.#send = send;
    this.#place = place;
  }

  /** The place may have changed. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), DELAY_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const position = this.#place();
    if (position.leaf === this.#told?.leaf && position.offset === this.#told.offset) return;
    this.#told = position;
    const leafLabel = this.#info.leaves[position.leaf]?.label ?? String(position.leaf + 1);
    this.#send({ type: 'position', position, leafLabel });
  }
}
