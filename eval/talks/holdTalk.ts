import { randomUUID } from 'node:crypto';
import { type AskRequest, type AskServices, askBook } from '../../src/asking/index.ts';
import {
  answerId,
  type BookInfo,
  chatId,
  type LoadedModel,
  leafIndex,
  type NumberedAnswerEvent,
  type Scope,
  type TextSpan,
} from '../../src/shared/domain/index.ts';
import { fromWire } from '../../src/shared/errors/index.ts';
import { scoreTurn } from './scoreTurn.ts';
import type { Talk, TalkQuestion } from './talk.ts';
import { TalkEngine } from './talkEngine.ts';
import type { TalkTurn } from './talkStore.ts';
import { tellingParagraphs } from './tellingParagraphs.ts';

/** Answers end here at the latest: long enough for three sentences. */
export const MAX_TALK_ANSWER_TOKENS = 96;

export interface HoldOptions {
  readonly signal: AbortSignal;
  readonly onTurn?: ((turn: TalkTurn) => void | Promise<void>) | undefined;
}

/**
 * Asks all questions of a talk, one after another, as the window does: the library keeps the turns, a question is
 * given those that it leans on, and the engine goes on from what it has read. Answers are greedy, as everywhere in
 * the product.
 *
 * @param info the document, open on the shelf
 * @param model what the engine has loaded
 * @throws {ReaderError} what an answer failed with, and `input/invalid` for a source that the document does not hold.
 * @throws whatever the signal aborts with
 */
export async function holdTalk(
  services: AskServices,
  talk: Talk,
  info: BookInfo,
  model: LoadedModel,
  { signal, onTurn }: HoldOptions,
): Promise<TalkTurn[]> {
  await services.shelf.extracted(info.id, signal);
  const leaves = await services.shelf.leaves(info.id, leafIndex(0), leafIndex(info.leaves.length - 1), signal);
  const telling = talk.questions.map(({ sources }) => tellingParagraphs(leaves, sources));
  const chat = chatId(randomUUID());
  const turns: TalkTurn[] = [];
  for (const [place, asked] of talk.questions.entries()) {
    const request: AskRequest = {
      answerId: answerId(randomUUID()),
      book: info.id,
      chat,
      question: asked.question,
      scope: scopeOf(talk),
      amount: talk.amount,
      model,
    };
    const turn = await ask(services, request, asked, telling[place]!, signal);
    turns.push(turn);
    await onTurn?.(turn);
  }
  return turns;
}

const scopeOf = ({ part }: Talk): Scope =>
  part ? { kind: 'leaves', first: leafIndex(part.first), last: leafIndex(part.last) } : { kind: 'whole' };

async function ask(
  services: AskServices,
  request: AskRequest,
  asked: TalkQuestion,
  telling: readonly TextSpan[],
  signal: AbortSignal,
): Promise<TalkTurn> {
  const engine = new TalkEngine(services.engine, MAX_TALK_ANSWER_TOKENS);
  const events: NumberedAnswerEvent[] = [];
  const started = performance.now();
  await askBook({ ...services, engine }, request, { signal, onEvent: (event) => void events.push(event) });
  const milliseconds = Math.round(performance.now() - started);
  signal.throwIfAborted();
  const last = events.at(-1);
  if (last?.type === 'failed') throw fromWire(last.error);
  if (last?.type !== 'finished') throw new Error(`An answer ended with ${last?.type ?? 'nothing'}.`);
  const evidence = events.flatMap((event) => (event.type === 'cited' ? [event.evidence] : []));
  const { text, notFound, reason, promptTokens, reusedTokens, newTokens, cacheBytes, denseFp16Bytes, cache } = last;
  return {
    question: asked.question,
    expected: asked.words,
    answer: text,
    isWhole: reason === 'stop',
    notFound,
    ...scoreTurn(asked, { text, notFound, evidence, readTexts: engine.readTexts }, telling),
    evidence: evidence.map(({ kind, anchor }) => ({ kind, quote: anchor.quote })),
    promptTokens,
    reusedTokens,
    newTokens,
    cacheBytes,
    snapshotBytes: cache.snapshotBytes,
    denseFp16Bytes,
    milliseconds,
  };
}
