/** How far an exploration is in the step it is at. */
export interface ExploreProgress {
  /** Reading counts tokens, fitting pairs of layers, comparing query heads. */
  readonly step: 'reading' | 'fitting' | 'comparing';
  readonly done: number;
  readonly total: number;
  /** Of this step, at the speed so far; null before there is one. */
  readonly remainingMs: number | null;
}

/** Counts the work of one step. What an earlier run left is done, but says nothing about the speed. */
export class ProgressMeter {
  readonly #step: ExploreProgress['step'];
  readonly #tell: ((progress: ExploreProgress) => void) | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  #done = 0;
  #fresh = 0;

  /** @param now a clock in milliseconds; the step begins now */
  constructor(
    step: ExploreProgress['step'],
    tell: ((progress: ExploreProgress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#step = step;
    this.#tell = tell;
    this.#now = now;
    this.#startedAt = now();
  }

  /** @param isNew whether the work since the last call was done now */
  moveTo(done: number, total: number, isNew: boolean): void {
    if (isNew) this.#fresh += done - this.#done;
    this.#done = done;
    const elapsedMs = this.#now() - this.#startedAt;
    const remainingMs = this.#fresh === 0 ? null : ((total - done) * elapsedMs) / this.#fresh;
    this.#tell?.({ step: this.#step, done, total, remainingMs });
  }
}
