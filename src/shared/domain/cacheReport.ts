import type { PlanAdapter, PolicyName } from './cachePlan.ts';

/** What a cache really holds, in bytes that are allocated, beside what a dense cache would hold. */
export interface CacheReport {
  readonly policy: PolicyName;
  readonly planId: string;
  /** As in the plan: absent where the model's own weights were used. */
  readonly adapter?: PlanAdapter;
  readonly tokens: number;
  readonly nearTokens: number;
  /** Distant tokens that are kept. */
  readonly distantTokens: number;
  /** Tokens of which nothing is kept any more; absent under plans that drop none. */
  readonly droppedTokens?: number;
  /** Allocated for near keys and values of every layer. */
  readonly nearBytes: number;
  /** Allocated for the keys of distant tokens, in the layers that keep them. */
  readonly farKeyBytes: number;
  /** Allocated for the values of distant tokens, in every layer. */
  readonly farValueBytes: number;
  /** Allocated for copies of near stores, to which reading can go back for another question on the same text. */
  readonly snapshotBytes: number;
  /** The sum of the four. */
  readonly cacheBytes: number;
  /** A cache of every key and value of the same tokens in float32, as `dense` keeps them. */
  readonly denseBytes: number;
  /** The same in float16, as llama.cpp keeps them by default. */
  readonly denseFp16Bytes: number;
  /** Share of the distant keys that no layer keeps, 0 to 1. */
  readonly distantKeysDropped: number;
}
