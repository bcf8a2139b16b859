import type { LayerIndex } from './ids.ts';

/** The cache policies that the window's settings offer. */
export const policyChoices = ['pod+select', 'pod', 'pod+int4', 'dense'] as const;

export type PolicyChoice = (typeof policyChoices)[number];

/** The cache policies that can be asked for. Each is one file in `src/engine/cache/policies`. */
export const policyNames = [...policyChoices, 'streaming'] as const;

export type PolicyName = (typeof policyNames)[number];

/** What everybody gets who does not choose. */
export const defaultPolicy: PolicyChoice = 'pod+select';

/**
 * What a follower takes from its leader for distant tokens (arXiv 2412.02252):
 * the leader's attention logits (v1 of the paper), or the leader's keys under its own queries (v2).
 */
export type ShareKind = 'logits' | 'keys';

/** The KV head keeps its own keys for every token. */
export interface OwnKeys {
  readonly kind: 'own';
}

/**
 * The KV head keeps keys only for near tokens. For distant ones each of its query heads
 * takes a linear mix of the logits of *all* query heads of the leader layer.
 */
export interface FollowedKeys {
  readonly kind: 'follower';
  /** A lower layer, all of whose KV heads keep their own keys. */
  readonly leader: LayerIndex;
  /**
   * `[queryHeadsPerKvHead][leaderHeads + 1]`: weights over the leader's query heads, then a bias.
   * The identity row (a single 1) is the paper's plain sharing.
   */
  readonly mix: readonly (readonly number[])[];
}

/** How one (layer, KV head) keeps the keys of distant tokens: the unit of a plan under grouped-query attention. */
export type KvHeadPlan = OwnKeys | FollowedKeys;

export interface LayerPlan {
  readonly layer: LayerIndex;
  /** One entry for each KV head. */
  readonly kvHeads: readonly KvHeadPlan[];
}

/**
 * Element types a cache store can have. Packed rows carry one float32 scale for each token and KV head; keys of a plan
 * with `select`, one for each page and KV head.
 */
export type StoreType = 'float32' | 'int8';

/** Values can be rotated before they are rounded and turned back after they are summed up, so 4 bits do for them. */
export type ValueStoreType = StoreType | 'int4';

/** Layers that look back only a stretch of the text; what is older they neither see nor keep. */
export interface SlidingLayers {
  /** How many tokens a query sees, its own the last. */
  readonly windowTokens: number;
  /** Lowest first. */
  readonly layers: readonly number[];
}

/**
 * Reading few of the distant tokens and keeping all: a token that is written reads the pages of distant
 * tokens that its leaders' logits point to. A text that is read still reads everything before it.
 */
export interface PageSelection {
  /** Neighbouring tokens that are read or left together. */
  readonly pageTokens: number;
  /** Distant tokens that each layer reads for a written token; a whole number of pages. */
  readonly readTokens: number;
}

/** Changes to the weights of attention that were trained for a plan: see `src/engine/adapter`. */
export interface PlanAdapter {
  /** Of its file, in hexadecimal. */
  readonly sha256: string;
}

/** The form of the decoder a plan was made for. */
export interface AttentionShape {
  readonly layers: number;
  /** Query heads. */
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Absent where every layer sees the whole text. Sliding layers have no distant tokens, so they share nothing. */
  readonly sliding?: SlidingLayers;
}

/**
 * Which layer keeps which keys for which tokens. Pure data, made from a model and a policy;
 * the graph builder, the allocator, the byte report and the map all read the same plan.
 *
 * Near tokens are the first `sinkTokens` and the most recent `windowTokens` (up to one chunk
 * more: the boundary moves in steps of `chunkTokens`, so that all queries of a chunk share
 * one distant set; with `select` also by whole pages). All others are distant, once the text has passed
 * `wholeTokens`. Nothing is dropped, unless `distant` says so. Near tokens are float32, but for those that
 * `floatTokens` leaves out.
 */
export interface CachePlan {
  /** Names the plan in files and reports: the policy, and but for `dense` a digest of all it says. */
  readonly id: string;
  readonly policy: PolicyName;
  readonly shape: AttentionShape;
  readonly share: ShareKind;
  readonly sinkTokens: number;
  readonly windowTokens: number;
  readonly chunkTokens: number;
  /** A text of up to so many tokens, in whole blocks of `chunkTokens`, is near as a whole. Absent for none. */
  readonly wholeTokens?: number;
  /**
   * Of the window the newest so many tokens are float32; older ones, which are near still, are int8 as long as there
   * are distant tokens. Absent where the whole window is float32.
   */
  readonly floatTokens?: number;
  /** `dropped`: nothing is kept of distant tokens, and no token sees them. Absent where all of them are kept. */
  readonly distant?: 'dropped';
  readonly farKeys: StoreType;
  readonly farValues: ValueStoreType;
  /** Absent where every token reads all distant tokens. */
  readonly select?: PageSelection;
  /** Absent where the model's own weights are used, as `dense` always does. */
  readonly adapter?: PlanAdapter;
  /** One entry for each layer, lowest first. */
  readonly layers: readonly LayerPlan[];
}
