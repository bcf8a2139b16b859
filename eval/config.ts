import { makePlan, type PlanOptions, planBytes } from '../src/engine/cache/index.ts';
import type { AttentionShape, CachePlan } from '../src/shared/domain/index.ts';
import type { EvalPlans } from './evalPlans.ts';
import { sameHeadMixes } from './sameHeadMixes.ts';

/** A row of the tables: a way of keeping the cache. */
export interface EvalRow {
  readonly name: string;
  /** For the table's legend. */
  readonly summary: string;
  /** @param contextTokens length of the text it is used on */
  plan(shape: AttentionShape, contextTokens: number): CachePlan;
}

/** The same sharing with nothing rounded. */
const inFloat32 = (plan: CachePlan): PlanOptions => ({
  ...plan,
  farKeys: 'float32',
  farValues: 'float32',
  floatTokens: plan.windowTokens,
});

/**
 * All rows of a model, in the order of the tables. The first is what the others are held against; those named after a
 * policy of the product run under the plan that the product runs.
 */
export function evalRows({ product, usual, untrained }: EvalPlans): readonly EvalRow[] {
  // The window of the others, so that what is between the rows is training and nothing else.
  const mixed = untrained && { ...untrained, windowTokens: usual.windowTokens };
  const untrainedRows: readonly EvalRow[] = mixed
    ? [
        {
          name: 'pod-same-head',
          summary:
            'the plan before training, and nothing fitted: each head takes the logits of the same head of its leader; float32',
          plan: (shape) => makePlan('pod', shape, { ...inFloat32(mixed), layers: sameHeadMixes(mixed) }),
        },
        {
          name: 'pod-mixed',
          summary: 'the plan before training: head mixing in closed form; float32',
          plan: (shape) => makePlan('pod', shape, inFloat32(mixed)),
        },
      ]
    : [];
  const adaptedRow: EvalRow = {
    name: 'pod-adapted',
    summary: 'the plan that the product runs, with its adapter; float32',
    plan: (shape) => makePlan('pod', shape, inFloat32(usual)),
  };
  return [
    {
      name: 'dense',
      summary: 'every key and value, in float32',
      plan: (shape) => makePlan('dense', shape, { chunkTokens: usual.chunkTokens }),
    },
    {
      name: 'streaming',
      summary:
        'sinks and a window as large as the bytes of the usual plan under `pod` allow, no text kept whole (StreamingLLM)',
      plan: (shape, contextTokens) => streamingOfBytes(shape, usual, contextTokens),
    },
    ...untrainedRows,
    ...(usual.adapter ? [adaptedRow] : []),
    {
      name: 'pod',
      summary: 'the plan that the product runs, distant keys and values in int8',
      plan: () => product.pod,
    },
    {
      name: 'pod+select',
      summary: 'as `pod`, and written tokens read only the pages that matter',
      plan: () => product['pod+select'],
    },
    {
      name: 'pod+int4',
      summary:
        'as `pod+select`, distant values in 4 bits, under a plan that drops more keys where the model has such a plan',
      plan: () => product['pod+int4'],
    },
  ];
}

/** The row of a plan file: as it is written there, an adapter of its own included. */
export const planFileRow = (name: string, plan: CachePlan): EvalRow => ({
  name,
  summary: `the plan ${plan.id}`,
  plan: () => plan,
});

/** `streaming` with the widest window that takes no more bytes than another plan, in whole blocks of the plan. */
export function streamingOfBytes(shape: AttentionShape, other: CachePlan, contextTokens: number): CachePlan {
  const { sinkTokens, chunkTokens } = other;
  const plan = (windowTokens: number): CachePlan =>
    makePlan('streaming', shape, { sinkTokens, chunkTokens, windowTokens });
  const bytes = planBytes(other, contextTokens).cacheBytes;
  let [fits, tooWide] = [0, contextTokens];
  while (tooWide - fits > 1) {
    const middle = (fits + tooWide) >> 1;
    if (planBytes(plan(middle), contextTokens).cacheBytes <= bytes) fits = middle;
    else tooWide = middle;
  }
  return plan(fits);
}

/** How much is measured. Lengths are in tokens. */
export interface EvalBudget {
  /** Running text: perplexity, divergence from dense, first choices. The last `writtenTokens` are written. */
  readonly prose: { readonly texts: number; readonly tokens: number; readonly writtenTokens: number };
  /** Text with passages that were seen before. */
  readonly copy: { readonly texts: number; readonly tokens: number };
  /** Novels with facts in them; each is made once for each length and text. */
  readonly haystack: { readonly texts: number; readonly tokens: readonly number[] };
  /** Questions on passages of a novel, one after the other, and on the welcome guide. */
  readonly qa: {
    readonly passages: number;
    readonly questions: number;
    readonly guideQuestions: number;
    readonly writtenTokens: number;
  };
}

export const evalBudgets = {
  quick: {
    prose: { texts: 1, tokens: 1280, writtenTokens: 256 },
    copy: { texts: 1, tokens: 2816 },
    haystack: { texts: 1, tokens: [1536] },
    qa: { passages: 2, questions: 6, guideQuestions: 0, writtenTokens: 0 },
  },
  whole: {
    prose: { texts: 2, tokens: 4096, writtenTokens: 1024 },
    copy: { texts: 2, tokens: 6000 },
    haystack: { texts: 2, tokens: [2048, 4096, 6144] },
    qa: { passages: 10, questions: 24, guideQuestions: 12, writtenTokens: 12 },
  },
} as const satisfies Readonly<Record<string, EvalBudget>>;

export type BudgetName = keyof typeof evalBudgets;

/** The novels: plans are made from the first, so that reports take the second. */
export const evalBooks = { tuning: 'moby-dick.epub', reporting: 'pride-and-prejudice.epub' } as const;

/** Draws the facts in the haystacks, and what is drawn for intervals. */
export const EVAL_SEED = 1;

/** To be raised when scoring changes, so that nothing scored in another way is taken for a result. */
export const SCORING_VERSION = 2;
