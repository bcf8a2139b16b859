import type { CacheReport } from '#shared/domain/index.ts';
import type { StepAttention } from './stepAttention.ts';

/** What a chunk of a prefill made. */
export interface PrefillChunk {
  /** Position of the chunk's first token. */
  readonly start: number;
  readonly count: number;
  /** `[count, vocabSize]`, the prediction after each token; only with `allLogits`. */
  readonly logits: Float32Array | null;
  /** The decoder's taps by name; empty without. */
  readonly taps: ReadonlyMap<string, Float32Array>;
}

export interface PrefillOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk. */
  readonly onProgress?: ((doneTokens: number, totalTokens: number) => void) | undefined;
  /** Called after each chunk with what it made. */
  readonly onChunk?: ((chunk: PrefillChunk) => void | Promise<void>) | undefined;
  /** Computes logits after every token, not only the last. @default false */
  readonly allLogits?: boolean | undefined;
}

/** What the model says after a token. */
export interface StepResult {
  /** `[vocabSize]`, valid until the next step. */
  readonly logits: Float32Array;
  readonly attention: StepAttention;
}

/** One text being read and written: its cache, and the position after its last token. */
export interface Sequence {
  /** Tokens in the cache. */
  readonly tokens: number;
  /**
   * Reads tokens in chunks, with a turn of the event loop after each call of the runtime.
   * Stopped by its signal, the sequence stands after the last whole chunk and can go on.
   * @throws {CacheBudgetError} `cache/context` when the model's context would be passed
   * @throws {InputError} for no tokens, or one the vocabulary has not
   */
  prefill(ids: readonly number[], options?: PrefillOptions): Promise<StepResult>;
  /**
   * Takes in one token that was written. Under a plan that selects pages it reads few of the distant tokens.
   * @param options `allLogits`: computes those of unlikely tokens exactly too. @default false
   */
  step(id: number, options?: { readonly allLogits?: boolean }): Promise<StepResult>;
  /** What the cache holds and has allocated. */
  report(): CacheReport;
  /** Lets go of the cache. */
  dispose(): void;
}
