import type {
  AttentionShape,
  CachePlan,
  LayerPlan,
  PageSelection,
  PlanAdapter,
  PolicyName,
  ShareKind,
  StoreType,
  ValueStoreType,
} from '#shared/domain/index.ts';

/** What a person or a plan file may set; a policy ignores what does not concern it. */
export interface PlanOptions {
  /** Who follows whom; see `resources/plans`. @default nobody: every head keeps its own keys */
  readonly layers?: readonly LayerPlan[];
  /** @default 'logits' */
  readonly share?: ShareKind;
  /** @default 4 */
  readonly sinkTokens?: number;
  /** @default 256, of `streaming` 1,020 */
  readonly windowTokens?: number;
  /** Of the window, for policies that keep distant tokens. @default all of it */
  readonly floatTokens?: number;
  /** @default 128 for dense, else 64: reading costs the same, and what a block takes is half */
  readonly chunkTokens?: number;
  /** @default 0; of policies that select pages 1024: before that, selecting would leave little out */
  readonly wholeTokens?: number;
  /** @default 'int8' */
  readonly farKeys?: StoreType;
  /** @default 'int8' */
  readonly farValues?: ValueStoreType;
  /** How policies that select pages do it. @default 1,024 tokens are read, in pages of 16 */
  readonly select?: PageSelection;
  /** What the weights were changed by for this sharing; `dense` shares nothing and takes them as they are. @default nothing */
  readonly adapter?: PlanAdapter;
}

/** A way of keeping a cache: it makes a plan, and the plan is all the engine knows of it. */
export interface CachePolicy {
  readonly name: PolicyName;
  /** One sentence for people. */
  readonly summary: string;
  plan(shape: AttentionShape, options: PlanOptions): CachePlan;
}
