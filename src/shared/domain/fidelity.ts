import type { PolicyChoice } from './cachePlan.ts';

/** What `npm run eval` measured of one model file: size and loss of the ways its cache can be kept. */
export interface ModelFidelity {
  readonly model: {
    /** As the eval was asked for it: for people. */
    readonly name: string;
    /** See `sampledModelDigest`: figures are of this very file. */
    readonly fingerprint: string;
  };
  readonly points: readonly MeasuredPoint[];
}

/** One policy under one plan, held against `dense` on the same running text. */
export interface MeasuredPoint {
  readonly policy: PolicyChoice;
  /** Under another plan the policy takes other memory and loses something else. */
  readonly planId: string;
  /** `2026-11-28` */
  readonly day: string;
  /** Length of the running texts that `cacheShare`, `read` and `written` are of. */
  readonly textTokens: number;
  /** Bytes of the cache at the end of a text, of what a dense one would take in float16. */
  readonly cacheShare: number;
  /** Absent for `dense`, which the others are held against. */
  readonly loss?: MeasuredLoss;
}

export interface MeasuredLoss {
  /** Of text that was read. */
  readonly read: LossOverDense;
  /** Of text that was written token by token, as answers are. */
  readonly written: LossOverDense;
  /** Of passages when they stand a second time in a text, which perplexity does not show. */
  readonly copied: LossOverDense;
  /** Length of the texts with such passages. */
  readonly copyTextTokens: number;
}

/** How much harder than under `dense` the same tokens are to predict. */
export interface LossOverDense {
  /** Mean difference of loss, nats a token: perplexity is that of dense times `exp(nats)`. */
  readonly nats: number;
  /** 95 % interval over pairs of the same item. */
  readonly low: number;
  readonly high: number;
  readonly items: number;
}
