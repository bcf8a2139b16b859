/** Runs one piece of work on the model after the other, in the order it was asked for. */
export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Waits for its turn, then works; work whose signal was aborted before its turn never starts. */
  run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const turn = this.#last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
