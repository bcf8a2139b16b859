import { expect, it } from 'vitest';
import { WorkQueue } from '#engine/decode/workQueue.ts';

it('work runs in order, one at a time, also after one failed', async () => {
  const queue = new WorkQueue();
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} starts`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const results = await Promise.allSettled([queue.run(work('a')), queue.run(work('b', true)), queue.run(work('c'))]);
  expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('work that was stopped before its turn never starts', async () => {
  const queue = new WorkQueue();
  const controller = new AbortController();
  let started = false;
  const first = queue.run(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
  const second = queue.run(() => {
    started = true;
    return Promise.resolve();
  }, controller.signal);
  controller.abort();
  await first;
  await expect(second).rejects.toThrow();
  expect(started).toBe(false);
});
