import type {
  AnswerId,
  CacheReport,
  FinishReason,
  LoadedModel,
  MapDescription,
  MapTile,
  MapTileRequest,
  PolicyName,
} from '../domain/index.ts';
import type { Device, DeviceName } from './devices.ts';

export interface LoadRequest {
  /** A GGUF file. */
  readonly modelPath: string;
  readonly policy: PolicyName;
  /** @default 'cpu' */
  readonly device?: DeviceName;
  /** Sharing plan of the model; none means that `pod` falls back to `dense`, and says so. */
  readonly planPath?: string | null;
  /** Plans made on this machine, each named after its model's fingerprint: one of these goes before `planPath`. */
  readonly plansFolder?: string | null;
  /** Sinks and window in tokens, in place of the plan's own. */
  readonly sinkTokens?: number;
  readonly windowTokens?: number;
  /** Where to keep what was read for the next start; nothing is kept without. */
  readonly cacheFiles?: CacheFilesRequest | null;
}

/** Files with the caches of texts that were read: see `src/engine/cache/files`. */
export interface CacheFilesRequest {
  /** Made when it is missing. */
  readonly folder: string;
  /** Bytes that all files together may take; those used least recently go first. */
  readonly capBytes: number;
}

/** Room for some twenty long texts. */
export const DEFAULT_CACHE_CAP_BYTES = 2 * 2 ** 30;

/** Steps of loading, as shares of the work done, 0 to 1. */
export interface LoadProgress {
  readonly step: 'header' | 'weights' | 'graph' | 'warmUp';
  readonly done: number;
}

/**
 * A piece of a chat message. Text of a document carries a `source`, so that attention to
 * its tokens can be led back to the page; its control tokens are plain text to the model.
 */
export interface MessagePart {
  readonly text: string;
  /** Names the piece in `PartTokens`; pieces without one are not evidence. */
  readonly source?: string;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly parts: readonly MessagePart[];
}

/** How the next token is chosen. Greedy when `temperature` is 0. */
export interface SamplingOptions {
  /** @default 0 */
  readonly temperature?: number;
  /** @default 0.95 */
  readonly topP?: number;
  /** Divides the logits of tokens already in the answer when above 1. @default 1.1 */
  readonly repetitionPenalty?: number;
  /** @default 0 */
  readonly seed?: number;
}

export interface AnswerRequest {
  readonly answerId: AnswerId;
  readonly messages: readonly ChatMessage[];
  readonly maxNewTokens: number;
  readonly sampling?: SamplingOptions;
}

/** Where the tokens of a sourced part lie in the prompt. */
export interface PartTokens {
  readonly source: string;
  readonly tokenStart: number;
  /**
   * For each token of the part the UTF-16 offset in its text where it starts, then the
   * length of the text: `offsets[i]..offsets[i + 1]` is token `tokenStart + i`.
   */
  readonly offsets: readonly number[];
}

export type AnswerProgress =
  | {
      readonly type: 'prompt';
      readonly promptTokens: number;
      /** How many of them were read for an earlier question, and need no reading now. */
      readonly reusedTokens: number;
      readonly parts: readonly PartTokens[];
    }
  /** Counts what must be read now: the prompt without what is reused. */
  | { readonly type: 'reading'; readonly doneTokens: number; readonly totalTokens: number; readonly elapsedMs: number }
  /** The device failed, and the work goes on on another; nothing that was read or written is void. */
  | { readonly type: 'deviceFailed'; readonly device: string; readonly statement: string }
  | { readonly type: 'token'; readonly text: string; readonly ids: readonly number[] };

export interface AnswerUsage {
  readonly reason: FinishReason;
  readonly text: string;
  readonly promptTokens: number;
  /** Tokens of the prompt that were read for an earlier question; `prefillMs` went to the others. */
  readonly reusedTokens: number;
  readonly newTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly cache: CacheReport;
  /** Where the last of it was computed. */
  readonly device: string;
  /** Why there, in one sentence. */
  readonly deviceReason: string;
}

export interface CompleteRequest {
  readonly prompt: string;
  /** Tokens to make when nothing is forced. */
  readonly tokens: number;
  /** Scores this continuation in place of choosing tokens. */
  readonly force?: string;
  /** The same, by token ids. */
  readonly forceIds?: readonly number[];
  /** @default { temperature: 0, repetitionPenalty: 1 } */
  readonly sampling?: SamplingOptions;
}

/** What the model held likely at one position. */
export interface CompletePosition {
  readonly id: number;
  readonly text: string;
  readonly top1: { readonly id: number; readonly logit: number };
  readonly top2: { readonly id: number; readonly logit: number };
  /** Natural log probability of `id`. */
  readonly logProb: number;
}

export interface CompleteResult extends AnswerUsage {
  readonly promptIds: readonly number[];
  readonly positions: readonly CompletePosition[];
}

/** What a cache of so many tokens would take under the loaded plan. */
export interface BudgetEstimate {
  readonly cacheBytes: number;
  readonly denseBytes: number;
  readonly denseFp16Bytes: number;
  readonly freeMemoryBytes: number;
  readonly contextTokens: number;
}

/** What the engine process offers. One model is loaded at a time; work on it is queued. */
export interface EngineCalls {
  /** The devices that the runtime has on this machine, the processor first. Whether they work is not tried. */
  devices: { in: null; out: readonly Device[]; progress: never };
  load: { in: LoadRequest; out: LoadedModel; progress: LoadProgress };
  /** Number of tokens of each text, without special tokens. */
  count: { in: { readonly texts: readonly string[] }; out: readonly number[]; progress: never };
  budget: { in: { readonly tokens: number }; out: BudgetEstimate; progress: never };
  answer: { in: AnswerRequest; out: AnswerUsage; progress: AnswerProgress };
  complete: { in: CompleteRequest; out: CompleteResult; progress: AnswerProgress };
  /**
   * Attention mass of a whole answer on token ranges `[start, end)` of its prompt: mean over
   * layers, query heads and answer tokens. Sinks are left out of every range.
   */
  attended: {
    in: { readonly answerId: AnswerId; readonly ranges: readonly (readonly [number, number])[] };
    out: readonly number[];
    progress: never;
  };
  describeMap: { in: { readonly answerId: AnswerId }; out: MapDescription; progress: never };
  mapTile: { in: { readonly answerId: AnswerId; readonly request: MapTileRequest }; out: MapTile; progress: never };
}
