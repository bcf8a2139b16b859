import type { ChatTurn } from '#shared/contract/index.ts';
import type { AnswerEvent, AnswerId, Evidence, ReadSection, Scope } from '#shared/domain/index.ts';
import type { ReaderError } from '../../bridge/toReaderError.ts';

type Finished = Extract<AnswerEvent, { type: 'finished' }>;

/** What an answer took, as its `finished` event told; turns of earlier sessions know only the bytes. */
export interface TurnUsage {
  readonly cacheBytes: number;
  readonly denseFp16Bytes: number;
  readonly policy: string;
  /** Whether the plan came with changed weights; of earlier sessions it is not known. */
  readonly isAdapted: boolean;
  readonly promptTokens: number | null;
  /** Of the prompt, read for an earlier question. */
  readonly reusedTokens: number | null;
  readonly newTokens: number | null;
  readonly prefillMs: number | null;
  readonly decodeMs: number | null;
  readonly device: string | null;
}

/** One question and its answer, of this session or of an earlier one. */
export interface Turn {
  readonly answerId: AnswerId;
  readonly question: string;
  readonly scope: Scope;
  readonly state: 'finished' | 'failed' | 'cancelled';
  readonly answer: string;
  readonly statement: string;
  readonly sections: readonly ReadSection[];
  readonly notFound: boolean;
  /** Names and numbers of the answer that stand nowhere in what was read. */
  readonly unsupportedWords: readonly string[];
  /** The answer stopped because it reached the longest length or the end of the context. */
  readonly cutBy: 'length' | 'context' | null;
  readonly evidence: readonly Evidence[];
  readonly usage: TurnUsage | null;
  readonly error: ReaderError | null;
  /** Maps live in the engine: only answers of this session have one. */
  readonly hasMap: boolean;
}

/** A turn as the library kept it. */
export function turnOfChat(chat: ChatTurn): Turn {
  return {
    answerId: chat.answerId,
    question: chat.question,
    scope: chat.scope,
    state: chat.state,
    answer: chat.answer,
    statement: chat.statement,
    sections: [],
    notFound: chat.notFound,
    unsupportedWords: chat.unsupportedWords,
    cutBy: null,
    evidence: chat.evidence,
    usage:
      chat.denseFp16Bytes > 0
        ? {
            cacheBytes: chat.cacheBytes,
            denseFp16Bytes: chat.denseFp16Bytes,
            policy: chat.policy,
            isAdapted: false,
            promptTokens: null,
            reusedTokens: null,
            newTokens: null,
            prefillMs: null,
            decodeMs: null,
            device: null,
          }
        : null,
    error: null,
    hasMap: false,
  };
}

/** What a finished answer took. */
export function usageOf(event: Finished): TurnUsage {
  const { cacheBytes, denseFp16Bytes, policy, promptTokens, reusedTokens, newTokens, prefillMs, decodeMs } = event;
  const read = { promptTokens, reusedTokens, newTokens, prefillMs, decodeMs };
  return {
    ...{ cacheBytes, denseFp16Bytes, policy, ...read, device: event.device },
    isAdapted: event.cache.adapter !== undefined,
  };
}
