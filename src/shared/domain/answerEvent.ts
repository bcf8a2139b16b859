import type { WireError } from '../errors/wire.ts';
import type { Anchor } from './anchor.ts';
import type { CacheReport } from './cacheReport.ts';
import type { AnswerId, SectionIndex } from './ids.ts';

/** A section that was read for an answer, whole or in part. */
export interface ReadSection {
  readonly section: SectionIndex;
  readonly title: string;
  readonly tokens: number;
  readonly whole: boolean;
}

/** A sentence the model leaned on, or quoted. */
export interface Evidence {
  readonly anchor: Anchor;
  /** What a link says: "p. 231" for a page, a chapter title where there are no pages. */
  readonly label: string;
  /** Share of the answer's attention to the text that fell on this sentence, 0 to 1. */
  readonly attentionShare: number;
  /** `quoted`: words of the answer really stand there; `attended`: only the attention points there. */
  readonly kind: 'quoted' | 'attended';
}

/** Why an answer ended. */
export type FinishReason = 'stop' | 'length' | 'context';

/**
 * An answer is one stream of numbered events, the same for app and command line.
 * It ends with exactly one of `finished`, `failed` and `cancelled`.
 */
export type AnswerEvent =
  | {
      readonly type: 'started';
      readonly question: string;
      readonly model: string;
      readonly policy: string;
      readonly device: string;
      /** Why this device, in one sentence: what was asked for, or why it was refused. */
      readonly deviceReason: string;
      /** `all`: the whole scope is read. `picked`: it did not fit, and these sections were chosen by search. */
      readonly reading: 'all' | 'picked';
      readonly sections: readonly ReadSection[];
      /** One sentence for people: what is read, and what is not. */
      readonly statement: string;
    }
  | {
      readonly type: 'reading';
      readonly doneTokens: number;
      readonly totalTokens: number;
      /** Time left as the speed so far has it; null before the first chunk. */
      readonly remainingMs: number | null;
    }
  /** The engine died and is started anew: what it has written so far is void, and reading begins again. */
  | { readonly type: 'restarted'; readonly statement: string }
  /** The device failed while it was answering, and the answer goes on on `device`; nothing that was written is void. */
  | { readonly type: 'deviceFailed'; readonly device: string; readonly statement: string }
  | { readonly type: 'token'; readonly text: string; readonly ids: readonly number[] }
  | { readonly type: 'cited'; readonly evidence: Evidence }
  | {
      readonly type: 'finished';
      readonly reason: FinishReason;
      readonly text: string;
      /** Whether the answer says that the text does not tell. */
      readonly notFound: boolean;
      /**
       * Names and numbers of the answer that stand neither in the text that was read nor in the
       * question, each once, as the answer writes them. Not empty: the answer is to be doubted.
       */
      readonly unsupportedWords: readonly string[];
      readonly promptTokens: number;
      /** Tokens of the prompt that were read for an earlier question; `prefillMs` went to the others. */
      readonly reusedTokens: number;
      readonly newTokens: number;
      readonly prefillMs: number;
      readonly decodeMs: number;
      readonly cacheBytes: number;
      readonly denseBytes: number;
      readonly denseFp16Bytes: number;
      readonly policy: string;
      /** Where the last of the answer was computed. */
      readonly device: string;
      readonly deviceReason: string;
      readonly cache: CacheReport;
    }
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'cancelled' };

/** An event on its way to a listener: `sequence` counts from 0 without gaps. */
export type NumberedAnswerEvent = AnswerEvent & {
  readonly answerId: AnswerId;
  readonly sequence: number;
};
