import type { AnswerProgress, AnswerUsage, ChatTurn, PartTokens } from '#shared/contract/index.ts';
import type {
  AnswerId,
  BookId,
  BookInfo,
  ChatId,
  Evidence,
  LoadedModel,
  NumberedAnswerEvent,
  ReadingAmount,
  Scope,
} from '#shared/domain/index.ts';
import { EngineError, InputError, ReaderError, toWire } from '#shared/errors/index.ts';
import { type Absence, absence, absenceSentence } from './absence.ts';
import { AnswerStream } from './answerStream.ts';
import type { BookShelf } from './bookShelf.ts';
import { buildPrompt, NOT_FOUND_SENTENCE } from './buildPrompt.ts';
import { emptyCacheReport } from './emptyCacheReport.ts';
import { evidenceAnchors } from './evidenceAnchors.ts';
import { findEvidence, readSentences } from './findEvidence.ts';
import { onceMoreAfterCrash } from './onceMoreAfterCrash.ts';
import { planReading, type ReadingPlan } from './planReading.ts';
import { MAX_ANSWER_TOKENS } from './readingLimits.ts';
import { saysNotFound } from './saysNotFound.ts';
import type { EngineClient, ShelfServices } from './services.ts';
import { turnsLeantOn } from './turnsLeantOn.ts';
import { unsupportedWords } from './unsupportedWords.ts';

export interface AskServices extends ShelfServices {
  readonly engine: EngineClient;
  readonly shelf: BookShelf;
  /** Starts an engine that died anew, with the same model; without it a death ends the answer. */
  readonly restartEngine?: (() => Promise<unknown>) | undefined;
}

export interface AskRequest {
  readonly answerId: AnswerId;
  readonly book: BookId;
  /** The conversation the turn belongs to; null keeps nothing. */
  readonly chat: ChatId | null;
  readonly question: string;
  readonly scope: Scope;
  /** @default 'brief' */
  readonly amount?: ReadingAmount | undefined;
  /** What the engine has loaded. */
  readonly model: LoadedModel;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Called for each event in order; the engine waits for it when it returns a promise. */
  readonly onEvent: (event: NumberedAnswerEvent) => void | Promise<void>;
}

/** Turns of the conversation that a follow-up carries along. */
const EARLIER_TURNS = 2;

interface Answered {
  readonly usage: AnswerUsage;
  readonly evidence: readonly Evidence[];
  readonly notFound: boolean;
  readonly unsupported: readonly string[];
}

/**
 * Answers a question about an open book: plan, read, answer, check. Everything is told
 * through events, failures too: the promise only rejects when the listener does.
 */
export async function askBook(services: AskServices, request: AskRequest, options: AskOptions): Promise<void> {
  const stream = new AnswerStream(request.answerId, options.onEvent);
  let statement = '';
  let answered: Answered | null = null;
  let state: ChatTurn['state'] = 'finished';
  try {
    const question = request.question.trim();
    if (question === '') {
      throw new InputError('input/empty', 'The question is empty.', { advice: 'Write what you want to know.' });
    }
    const info = services.shelf.info(request.book);
    const finished = request.chat === null ? [] : finishedTurns(services, request.chat);
    const earlier = turnsLeantOn(question, finished, info.language);
    const plan = await planReading(
      services,
      {
        info,
        scope: request.scope,
        amount: request.amount ?? 'brief',
        question,
        earlierQuestion: earlier.at(-1)?.question ?? null,
        contextTokens: request.model.contextTokens,
      },
      options.signal,
    );
    const missing = absence(plan.ranking);
    statement = missing.decides ? nothingRead(info) : plan.statement;
    const { name, policy, device, deviceReason } = request.model;
    await stream.emit({
      type: 'started',
      question,
      model: name,
      policy,
      device,
      deviceReason,
      reading: missing.decides ? 'picked' : plan.reading,
      sections: missing.decides ? [] : plan.sections,
      statement,
    });
    answered = missing.decides
      ? await answerWithoutReading(stream, request, missing)
      : await answerByReading(
          services,
          stream,
          { ...request, question },
          { info, plan, missing, earlier },
          options.signal,
        );
    await finish(stream, answered);
  } catch (thrown) {
    const isCancelled = options.signal.aborted || (thrown instanceof ReaderError && thrown.code === 'call/cancelled');
    state = isCancelled ? 'cancelled' : 'failed';
    await stream.emit(isCancelled ? { type: 'cancelled' } : { type: 'failed', error: toWire(asEngineCrash(thrown)) });
  }
  if (request.chat !== null && services.library.books.find(request.book)) {
    const turn = turnOf(request, stream.text, state, statement, answered);
    services.library.chats.save(request.book, request.chat, turn);
  }
}

async function answerWithoutReading(stream: AnswerStream, { model }: AskRequest, missing: Absence): Promise<Answered> {
  await stream.say(`${NOT_FOUND_SENTENCE} ${absenceSentence(missing) ?? ''}`.trim());
  const usage: AnswerUsage = {
    reason: 'stop',
    text: stream.text,
    promptTokens: 0,
    reusedTokens: 0,
    newTokens: 0,
    prefillMs: 0,
    decodeMs: 0,
    cache: emptyCacheReport(model.policy),
    device: model.device,
    deviceReason: model.deviceReason,
  };
  return { usage, evidence: [], notFound: true, unsupported: [] };
}

async function answerByReading(
  services: AskServices,
  stream: AnswerStream,
  { answerId, question }: AskRequest,
  context: {
    readonly info: BookInfo;
    readonly plan: ReadingPlan;
    readonly missing: Absence;
    readonly earlier: readonly ChatTurn[];
  },
  signal: AbortSignal,
): Promise<Answered> {
  const { engine, shelf } = services;
  const { info, plan, missing, earlier } = context;
  const lead = absenceSentence(missing);
  let parts: readonly PartTokens[] = [];
  const messages = buildPrompt({ info, question, pieces: plan.pieces, earlier, absentWords: missing.words });
  const write = async (): Promise<AnswerUsage> => {
    // What the index knows for certain is said first, whatever a small model makes of it.
    if (lead !== null) await stream.say(`${lead}\n\n`);
    return engine.call(
      'answer',
      { answerId, messages, maxNewTokens: MAX_ANSWER_TOKENS },
      {
        signal,
        onProgress: async (progress) => {
          if (progress.type === 'prompt') parts = progress.parts;
          else await stream.emit(eventOf(progress));
        },
      },
    );
  };
  const usage = await onceMoreAfterCrash(write, stream, services.restartEngine ?? null, signal);
  const read = readSentences(plan.pieces, parts, info.language);
  const mass =
    read.length === 0
      ? []
      : await engine.call('attended', { answerId, ranges: read.map(({ tokens }) => tokens) }, { signal });
  const saidNotFound = saysNotFound(usage.text);
  const sentences = saidNotFound ? [] : findEvidence(info, question, usage.text, read, mass);
  const unsupported = saidNotFound ? [] : unsupportedWords(usage.text, knownTexts(context, question), info.language);
  // A question about something the book never mentions needs an answer that the text really carries.
  const isGuess =
    missing.words.length > 0 && (unsupported.length > 0 || !sentences.some(({ kind }) => kind === 'quoted'));
  if (isGuess && !saidNotFound)
    await stream.say(`\n\n${NOT_FOUND_SENTENCE} No sentence that was read supports the words above.`);
  const notFound = saidNotFound || isGuess;
  const evidence = notFound ? [] : await evidenceAnchors(shelf, info, sentences, signal);
  for (const each of evidence) await stream.emit({ type: 'cited', evidence: each });
  return { usage, evidence, notFound, unsupported };
}

function eventOf(progress: Exclude<AnswerProgress, { type: 'prompt' }>) {
  if (progress.type !== 'reading') return progress;
  const { doneTokens, totalTokens, elapsedMs } = progress;
  const remainingMs = doneTokens > 0 ? (elapsedMs / doneTokens) * (totalTokens - doneTokens) : null;
  return { type: 'reading' as const, doneTokens, totalTokens, remainingMs };
}

async function finish(stream: AnswerStream, answered: Answered): Promise<void> {
  const { reason, promptTokens, reusedTokens, newTokens, prefillMs, decodeMs, cache, device, deviceReason } =
    answered.usage;
  await stream.emit({
    type: 'finished',
    reason,
    text: stream.text,
    notFound: answered.notFound,
    unsupportedWords: answered.unsupported,
    promptTokens,
    reusedTokens,
    newTokens,
    prefillMs,
    decodeMs,
    cacheBytes: cache.cacheBytes,
    denseBytes: cache.denseBytes,
    denseFp16Bytes: cache.denseFp16Bytes,
    policy: cache.policy,
    device,
    deviceReason,
    cache,
  });
}

function knownTexts(
  {
    info,
    plan,
    earlier,
  }: { readonly info: BookInfo; readonly plan: ReadingPlan; readonly earlier: readonly ChatTurn[] },
  question: string,
): string[] {
  return [
    question,
    info.title,
    info.author ?? '',
    ...plan.pieces.flatMap(({ section, text }) => [section.title, text]),
    ...earlier.map((turn) => turn.question),
  ];
}

function finishedTurns({ library }: AskServices, chat: ChatId): readonly ChatTurn[] {
  return library.chats.recent(chat, EARLIER_TURNS).filter(({ state }) => state === 'finished');
}

const nothingRead = ({ title }: BookInfo): string => `Searched all of “${title}”; nothing was read.`;

/** An engine that died is told apart from other lost lines: the person can simply ask again. */
function asEngineCrash(thrown: unknown): unknown {
  if (!(thrown instanceof ReaderError) || thrown.code !== 'call/disconnected') return thrown;
  return new EngineError('engine/crashed', 'The engine stopped while it was answering.', {
    advice: 'Ask again: it is started anew. If it stops again, ask about a smaller part of the text.',
    retryable: true,
    cause: thrown,
  });
}

function turnOf(
  request: AskRequest,
  answer: string,
  state: ChatTurn['state'],
  statement: string,
  answered: Answered | null,
): ChatTurn {
  return {
    answerId: request.answerId,
    question: request.question.trim(),
    scope: request.scope,
    answer,
    state,
    statement,
    evidence: answered?.evidence ?? [],
    notFound: answered?.notFound ?? false,
    unsupportedWords: answered?.unsupported ?? [],
    model: request.model.name,
    policy: request.model.policy,
    cacheBytes: answered?.usage.cache.cacheBytes ?? 0,
    denseFp16Bytes: answered?.usage.cache.denseFp16Bytes ?? 0,
    askedAt: Date.now(),
  };
}
