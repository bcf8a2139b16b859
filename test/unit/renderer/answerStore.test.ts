import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { type AnswerStore, createAnswerStore, FLUSH_MS } from '../../../src/renderer/features/ask/answerStore.ts';
import type { Turn } from '../../../src/renderer/features/ask/turn.ts';
import { type AnswerEvent, type AnswerId, answerId } from '../../../src/shared/domain/index.ts';
import { toWire } from '../../../src/shared/errors/index.ts';
import { FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleEvidence } from '../../fakes/sampleBook.ts';
import { finishedEvent, startedEvent } from '../../fakes/sampleEvents.ts';

const id = answerId('one');
let fake: FakeBridge;
let store: AnswerStore;
let turns: Turn[];
let sequence: number;

beforeEach(() => {
  vi.useFakeTimers();
  fake = new FakeBridge();
  turns = [];
  sequence = 0;
  store = createAnswerStore(createBridge(fake), (turn) => turns.push(turn));
});
afterEach(() => {
  store.getState().dispose();
  vi.useRealTimers();
});

const begin = (): void => {
  store.getState().begin('Who?', { kind: 'whole' });
  store.getState().follow(id);
};
const send = (event: AnswerEvent, of: AnswerId = id): void => {
  fake.emit('answer', [{ ...event, answerId: of, sequence: sequence++ }]);
};
const token = (text: string): AnswerEvent => ({ type: 'token', text, ids: [1] });

it('merges tokens and shows them at most once in 50 ms', () => {
  begin();
  const seen: string[] = [];
  store.subscribe((now, before) => {
    if (now.text !== before.text) seen.push(now.text);
  });
  for (let index = 0; index < 40; index += 1) send(token('a'));
  expect(seen).toEqual([]);
  vi.advanceTimersByTime(FLUSH_MS);
  expect(seen).toEqual(['a'.repeat(40)]);
});

it('takes back what an engine that died had written, and says so', () => {
  begin();
  send(startedEvent);
  send(token('Half an answer. '));
  vi.advanceTimersByTime(FLUSH_MS);
  send({ type: 'restarted', statement: 'It is started anew.' });
  expect(store.getState()).toMatchObject({ phase: 'reading', text: '', notice: 'It is started anew.', progress: null });
  expect(store.getState().spoken).toBe('It is started anew.');
  send(token('Whole.'));
  vi.advanceTimersByTime(FLUSH_MS);
  expect(store.getState()).toMatchObject({ phase: 'writing', text: 'Whole.' });
  begin();
  expect(store.getState().notice).toBe('');
});

it('keeps what was written when the device fails, and says so', () => {
  begin();
  send(startedEvent);
  send(token('Half an answer '));
  send({ type: 'deviceFailed', device: 'cpu', statement: 'The processor goes on.' });
  expect(store.getState()).toMatchObject({ phase: 'writing', notice: 'The processor goes on.' });
  expect(store.getState().spoken).toBe('The processor goes on.');
  send(token('and the rest.'));
  vi.advanceTimersByTime(FLUSH_MS);
  expect(store.getState().text).toBe('Half an answer and the rest.');
});

it('takes events that came before the main process named the answer', () => {
  store.getState().begin('Who?', { kind: 'whole' });
  send(startedEvent);
  send(token('He'));
  expect(store.getState().phase).toBe('starting');
  store.getState().follow(id);
  vi.advanceTimersByTime(FLUSH_MS);
  expect(store.getState()).toMatchObject({ phase: 'writing', text: 'He', statement: startedEvent.statement });
});

it('ignores other answers and events it has already taken', () => {
  begin();
  send(token('x'), answerId('other'));
  const event = { ...token('a'), answerId: id, sequence: 5 };
  fake.emit('answer', [event, event]);
  vi.advanceTimersByTime(FLUSH_MS);
  expect(store.getState().text).toBe('a');
});

it('hands over the finished turn with what was read, cited and doubted', () => {
  begin();
  send(startedEvent);
  send({ type: 'reading', doneTokens: 5, totalTokens: 10, remainingMs: 900 });
  expect(store.getState().progress).toEqual({ doneTokens: 5, totalTokens: 10, remainingMs: 900 });
  send(token('A clergyman.'));
  for (const evidence of sampleEvidence) send({ type: 'cited', evidence });
  send({ ...finishedEvent, text: 'A clergyman.', notFound: true, unsupportedWords: ['Nemo'], reason: 'length' });
  expect(store.getState().phase).toBe('idle');
  expect(turns).toEqual([
    expect.objectContaining({
      question: 'Who?',
      state: 'finished',
      answer: 'A clergyman.',
      statement: startedEvent.statement,
      sections: startedEvent.sections,
      evidence: sampleEvidence,
      notFound: true,
      unsupportedWords: ['Nemo'],
      cutBy: 'length',
      hasMap: true,
    }),
  ]);
});

it('keeps what was written when an answer is stopped or fails', () => {
  begin();
  send(token('Half an '));
  send({ type: 'cancelled' });
  begin();
  send(token('answer'));
  send({ type: 'failed', error: toWire(new Error('out of memory')) });
  expect(turns.map(({ state, answer }) => [state, answer])).toEqual([
    ['cancelled', 'Half an '],
    ['failed', 'answer'],
  ]);
  expect(turns[1]?.error?.message).toBe('out of memory');
});

it('speaks whole sentences only, and says when it is over', () => {
  begin();
  const spoken: string[] = [];
  store.subscribe((now, before) => {
    if (now.spoken !== before.spoken) spoken.push(now.spoken);
  });
  send(token('He is a clergyman. His patr'));
  vi.advanceTimersByTime(FLUSH_MS);
  send(token('oness is a lady.'));
  vi.advanceTimersByTime(FLUSH_MS);
  send({ ...finishedEvent, text: 'He is a clergyman. His patroness is a lady.' });
  expect(spoken).toEqual(['He is a clergyman.', 'His patroness is a lady. Answer finished.']);
});

it('gives its listener back', () => {
  expect(fake.listening('answer')).toBe(1);
  store.getState().dispose();
  expect(fake.listening('answer')).toBe(0);
});
