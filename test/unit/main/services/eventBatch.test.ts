import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BATCH_MS, EventBatch } from '#main/services/eventBatch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('hands on at most one piece in each frame, in order, and leaves nothing behind', () => {
  const sent: (readonly number[])[] = [];
  const batch = new EventBatch<number>((events) => sent.push(events));
  for (let event = 0; event < 5; event++) batch.add(event);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(BATCH_MS);
  expect(sent).toEqual([[0, 1, 2, 3, 4]]);
  batch.add(5);
  batch.flush();
  expect(sent).toEqual([[0, 1, 2, 3, 4], [5]]);
  vi.advanceTimersByTime(BATCH_MS * 3);
  expect(sent).toHaveLength(2);
});
