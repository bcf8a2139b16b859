/**
 * How tall a scrolled box may be made. Chromium clips layout near 33.5 million pixels, at
 * device pixels where the screen is scaled; this leaves room for a ratio of 3.
 */
export const MAX_SCROLL_PX = 10_000_000;

/** At both ends so much stays one to one, so that the first and last pages never jump. */
const EDGE_PX = 1_000_000;

/**
 * Leads from the place on the scroll bar to the place in the book where the book is taller
 * than a box may be: one to one near both ends, and pressed together in between. Where the
 * book fits, both are the same.
 */
export class ScrollScale {
  /** Height of the book in CSS pixels. */
  readonly bookPx: number;
  /** Height of the box that scrolls. */
  readonly barPx: number;

  constructor(bookPx: number) {
    this.bookPx = bookPx;
    this.barPx = Math.min(bookPx, MAX_SCROLL_PX);
  }

  get isScaled(): boolean {
    return this.bookPx > this.barPx;
  }

  /** From a place on the bar to the place in the book. */
  toBook(barPx: number): number {
    if (!this.isScaled || barPx <= EDGE_PX) return barPx;
    if (barPx >= this.barPx - EDGE_PX) return this.bookPx - (this.barPx - barPx);
    return EDGE_PX + (barPx - EDGE_PX) / this.#middleRatio;
  }

  /** From a place in the book to the place on the bar: the inverse of `toBook`. */
  toBar(bookPx: number): number {
    if (!this.isScaled || bookPx <= EDGE_PX) return bookPx;
    if (bookPx >= this.bookPx - EDGE_PX) return this.barPx - (this.bookPx - bookPx);
    return EDGE_PX + (bookPx - EDGE_PX) * this.#middleRatio;
  }

  get #middleRatio(): number {
    return (this.barPx - 2 * EDGE_PX) / (this.bookPx - 2 * EDGE_PX);
  }
}
