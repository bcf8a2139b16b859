import type { CachePlan } from '#shared/domain/index.ts';

/** Positions `[start, end)`. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether far-away tokens are kept in another way than near ones. When every head keeps its own
 * keys, in the numbers it computed, there is nothing to tell apart: every token is near.
 */
export function hasDistant(plan: CachePlan): boolean {
  return (
    plan.farKeys !== 'float32' ||
    plan.farValues !== 'float32' ||
    plan.layers.some(({ kvHeads }) => kvHeads.some(({ kind }) => kind === 'follower'))
  );
}

/**
 * The distant tokens of the query at `position`: all that are older than the window before the
 * *block* of `chunkTokens` which holds it, less the sinks.
 *
 * All queries of a block share one distant set, so that a chunk of a prefill needs no band mask over
 * it, and reading and writing mean the same. The near store holds sinks + windowTokens rows,
 * and up to `chunkTokens` more as a block fills.
 */
export function distantRange(plan: CachePlan, position: number): TokenRange {
  if (!hasDistant(plan)) return { start: 0, end: 0 };
  const blockStart = position - (position % plan.chunkTokens);
  return { start: plan.sinkTokens, end: Math.max(plan.sinkTokens, blockStart - plan.windowTokens) };
}

/** Where the chunk that starts at `position` must end at the latest: at the next block. */
export const chunkEnd = (plan: CachePlan, position: number): number =>
  position - (position % plan.chunkTokens) + plan.chunkTokens;
