import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerStream } from '#asking/answerStream.ts';
import { onceMoreAfterCrash } from '#asking/onceMoreAfterCrash.ts';
import { answerId, type NumberedAnswerEvent } from '#shared/domain/index.ts';
import { CallError, InputError } from '#shared/errors/index.ts';

const death = () => new CallError('call/disconnected', 'It is gone.', { advice: 'Try again.' });

describe('work of an engine that dies', () => {
  let events: NumberedAnswerEvent[];
  let stream: AnswerStream;
  let stop: AbortController;
  beforeEach(() => {
    events = [];
    stream = new AnswerStream(answerId('a'), (event) => void events.push(event));
    stop = new AbortController();
  });

  it('is done once more when it was started anew; what was said before is void', async () => {
    const restart = vi.fn(() => Promise.resolve());
    const work = vi.fn(async () => {
      if (work.mock.calls.length > 1) return 'done';
      await stream.say('Half an');
      throw death();
    });
    expect(await onceMoreAfterCrash(work, stream, restart, stop.signal)).toBe('done');
    expect(restart).toHaveBeenCalledTimes(1);
    expect(events.map(({ type }) => type)).toEqual(['token', 'restarted']);
    expect(stream.text).toBe('');
  });

  it('is given up when it dies again, or cannot be started', async () => {
    const dies = vi.fn(() => Promise.reject(death()));
    await expect(onceMoreAfterCrash(dies, stream, () => Promise.resolve(), stop.signal)).rejects.toThrow('gone');
    expect(dies).toHaveBeenCalledTimes(2);
    await expect(onceMoreAfterCrash(dies, stream, null, stop.signal)).rejects.toThrow('gone');
    expect(dies).toHaveBeenCalledTimes(3);
  });

  it('is not done again for another failure', async () => {
    const fails = vi.fn(() => Promise.reject(new InputError('input/empty', 'Empty.', { advice: 'Write.' })));
    await expect(onceMoreAfterCrash(fails, stream, () => Promise.resolve(), stop.signal)).rejects.toThrow('Empty');
    expect(fails).toHaveBeenCalledTimes(1);
    expect(events).toEqual([]);
  });

  it('stops at once while it is started anew', async () => {
    const work = vi.fn(() => Promise.reject(death()));
    const running = onceMoreAfterCrash(work, stream, () => new Promise(() => undefined), stop.signal);
    setTimeout(() => stop.abort(), 5);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(work).toHaveBeenCalledTimes(1);
  });
});
