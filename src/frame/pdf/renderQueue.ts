/** Something that takes time and can be given up half way. */
export interface RenderJob {
  /** Rejects or resolves soon after `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Paints pages one at a time, the one nearest to the reader first. Two at once would only
 * share one worker, and the page in view would come later. A page that has gone out of
 * view is given up half way when one in view is waiting.
 */
export class RenderQueue {
  readonly #waiting = new Map<number, RenderJob>();
  readonly #distanceOf: (page: number) => number;
  #running: { readonly page: number; readonly job: RenderJob; readonly stop: AbortController } | null = null;

  /** @param distanceOf how far a page is from the reader; 0 is in view */
  constructor(distanceOf: (page: number) => number) {
    this.#distanceOf = distanceOf;
  }

  /** Asks for a page; what was asked for it before is given up. */
  add(page: number, job: RenderJob): void {
    this.cancel(page);
    this.#waiting.set(page, job);
    this.reconsider();
    this.#next();
  }

  cancel(page: number): void {
    this.#waiting.delete(page);
    if (this.#running?.page === page) this.#running.stop.abort();
  }

  clear(): void {
    this.#waiting.clear();
    this.#running?.stop.abort();
  }

  /** The reader moved: gives up a page that is out of view when one in view is waiting. */
  reconsider(): void {
    const running = this.#running;
    if (!running || running.stop.signal.aborted || this.#distanceOf(running.page) === 0) return;
    if (![...this.#waiting.keys()].some((page) => this.#distanceOf(page) === 0)) return;
    running.stop.abort();
    if (!this.#waiting.has(running.page)) this.#waiting.set(running.page, running.job);
  }

  #next(): void {
    if (this.#running) return;
    const page = [...this.#waiting.keys()].sort((a, b) => this.#distanceOf(a) - this.#distanceOf(b))[0];
    if (page === undefined) return;
    const job = this.#waiting.get(page)!;
    this.#waiting.delete(page);
    const running = { page, job, stop: new AbortController() };
    this.#running = running;
    const done = (): void => {
      this.#running = null;
      this.#next();
    };
    job.run(running.stop.signal).then(done, done);
  }
}
