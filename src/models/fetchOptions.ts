/** How a fetch is watched and stopped. */
export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SourceProgress) => void) | undefined;
}

export interface SourceProgress {
  /** Where the bytes come from, for people. */
  readonly source: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** As the speed so far has it; null before there is one. */
  readonly remainingMs: number | null;
}

/** Counts bytes and tells the time left. */
export class ByteMeter {
  readonly #source: string;
  readonly #totalBytes: number;
  readonly #onProgress: FetchOptions['onProgress'];
  readonly #startedAt = performance.now();
  readonly #startBytes: number;
  #doneBytes: number;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(source: string, totalBytes: number, startBytes: number, onProgress: FetchOptions['onProgress']) {
    this.#source = source;
    this.#totalBytes = totalBytes;
    this.#startBytes = startBytes;
    this.#doneBytes = startBytes;
    this.#onProgress = onProgress;
  }

  /** Tells at most ten times a second, and always at the end. */
  moveTo(doneBytes: number): void {
    this.#doneBytes = doneBytes;
    const now = performance.now();
    if (now - this.#toldAt < 100 && doneBytes < this.#totalBytes) return;
    this.#toldAt = now;
    const fresh = doneBytes - this.#startBytes;
    const remainingMs = fresh > 0 ? ((this.#totalBytes - doneBytes) * (now - this.#startedAt)) / fresh : null;
    this.#onProgress?.({ source: this.#source, doneBytes, totalBytes: this.#totalBytes, remainingMs });
  }

  add(bytes: number): void {
    this.moveTo(this.#doneBytes + bytes);
  }
}
