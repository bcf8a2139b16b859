/** A page's size at scale 1, in CSS pixels. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Sizes of all pages of a PDF. A file does not say them in one place: asking each of
 * thousands of pages would take seconds, so a page counts as large as the first one that was
 * looked at until it has been seen itself.
 */
export class PageSizes {
  readonly count: number;
  readonly #guess: PageSize;
  readonly #known = new Map<number, PageSize>();

  constructor(count: number, guess: PageSize) {
    this.count = count;
    this.#guess = guess;
  }

  of(page: number): PageSize {
    return this.#known.get(page) ?? this.#guess;
  }

  /** Puts a page's size right; false when that changes nothing. */
  learn(page: number, size: PageSize): boolean {
    const before = this.of(page);
    this.#known.set(page, size);
    return before.width !== size.width || before.height !== size.height;
  }

  /** The widest page that is known, for the width of the whole list. */
  get widest(): number {
    let widest = this.#guess.width;
    for (const { width } of this.#known.values()) widest = Math.max(widest, width);
    return widest;
  }
}
