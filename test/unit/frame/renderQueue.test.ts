import { describe, expect, it } from 'vitest';
import { RenderQueue } from '../../../src/frame/pdf/renderQueue.ts';

/** A job that runs until it is let go or given up. */
class HeldJob {
  readonly #end = Promise.withResolvers<null>();
  readonly log: string[];
  readonly name: string;

  constructor(log: string[], name: string) {
    this.log = log;
    this.name = name;
  }

  async run(signal: AbortSignal): Promise<void> {
    this.log.push(`${this.name} starts`);
    signal.addEventListener('abort', () => this.#end.reject(new Error('given up')), { once: true });
    await this.#end.promise;
    this.log.push(`${this.name} ends`);
  }

  finish(): void {
    this.#end.resolve(null);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('RenderQueue', () => {
  it('paints one at a time, the nearest first', async () => {
    const log: string[] = [];
    const queue = new RenderQueue((page) => Math.abs(page - 5));
    const jobs = [5, 9, 6].map((page) => ({ page, job: new HeldJob(log, String(page)) }));
    for (const { page, job } of jobs) queue.add(page, job);
    for (const page of [5, 6, 9]) {
      expect(log.at(-1)).toBe(`${page} starts`);
      jobs.find((each) => each.page === page)!.job.finish();
      await turn();
    }
    expect(log).toEqual(['5 starts', '5 ends', '6 starts', '6 ends', '9 starts', '9 ends']);
  });

  it('gives a page out of view up for one in view, and takes it up again', async () => {
    const log: string[] = [];
    let inView = 1;
    const queue = new RenderQueue((page) => Math.abs(page - inView));
    let attempts = 0;
    queue.add(1, {
      run: async (signal) => {
        attempts += 1;
        if (attempts > 1) return;
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
      },
    });
    const wanted = new HeldJob(log, '50');
    inView = 50;
    queue.add(50, wanted);
    await turn();
    expect(log).toEqual(['50 starts']);
    wanted.finish();
    await turn();
    expect(attempts).toBe(2);
  });

  it('goes on after a page that fails, and forgets a page that is cancelled', async () => {
    const log: string[] = [];
    const queue = new RenderQueue((page) => page);
    queue.add(0, { run: () => Promise.reject(new Error('broken page')) });
    queue.add(1, new HeldJob(log, '1'));
    queue.add(2, new HeldJob(log, '2'));
    queue.cancel(2);
    await turn();
    queue.cancel(1);
    await turn();
    expect(log).toEqual(['1 starts']);
  });
});
