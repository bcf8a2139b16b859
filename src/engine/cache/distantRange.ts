import type { CachePlan } from '#shared/domain/index.ts';

/** Positions `[start, end)`. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether far-away tokens are kept in another way than near ones, or not at all. When every head keeps its own
 * keys, in the numbers it computed, there is nothing to tell apart: every token is near.
 */
export function hasDistant(plan: CachePlan): boolean {
  return (
    plan.distant === 'dropped' ||
    plan.farKeys !== 'float32' ||
    plan.farValues !== 'float32' ||
    plan.layers.some(({ kvHeads }) => kvHeads.some(({ kind }) => kind === 'follower'))
  );
}

/** Whether something is kept of far-away tokens, in another way than of near ones: what layers read beside near rows. */
export const keepsDistant = (plan: CachePlan): boolean => plan.distant !== 'dropped' && hasDistant(plan);

/**
 * The distant tokens of the query at `position`: all that are older than the window before the
 * *block* of `chunkTokens` which holds it, less the sinks.
 *
 * All queries of a block share one distant set, so that a chunk of a prefill needs no band mask over
 * it, and reading and writing mean the same. Near stores hold sinks + windowTokens rows,
 * and up to `chunkTokens` more as a block fills. Where pages are selected, a page becomes distant
 * only as a whole. Up to `wholeTokens` none does: a short text costs little as it is, and loses nothing.
 */
export function distantRange(plan: CachePlan, position: number): TokenRange {
  if (!hasDistant(plan)) return { start: 0, end: 0 };
  const blockStart = position - (position % plan.chunkTokens);
  const isWhole = blockStart < (plan.wholeTokens ?? 0);
  const older = isWhole ? 0 : Math.max(0, blockStart - plan.windowTokens - plan.sinkTokens);
  const pageTokens = plan.select?.pageTokens ?? 1;
  return { start: plan.sinkTokens, end: plan.sinkTokens + older - (older % pageTokens) };
}

/** Near tokens that are packed in int8 once a text has distant tokens: the same number then at every position. */
export const packedNearTokens = ({ windowTokens, floatTokens = windowTokens }: CachePlan): number =>
  windowTokens - floatTokens;

/** The packed ones of the near tokens that the query at `position` sees: those that follow the distant ones. */
export function packedNearRange(plan: CachePlan, position: number): TokenRange {
  const { start, end } = distantRange(plan, position);
  return { start: end, end: end > start ? end + packedNearTokens(plan) : end };
}

/** How much of a text of `tokens` tokens can be read before one of them is distant. */
export function undistantTokens(plan: CachePlan, tokens: number): number {
  const isUndistant = (position: number): boolean => {
    const { start, end } = distantRange(plan, position);
    return start === end;
  };
  if (isUndistant(tokens)) return tokens;
  let blockStart = 0;
  while (isUndistant(blockStart + plan.chunkTokens)) blockStart += plan.chunkTokens;
  return blockStart + plan.chunkTokens;
}

/** Where the chunk that starts at `position` must end at the latest: at the next block. */
export const chunkEnd = (plan: CachePlan, position: number): number =>
  position - (position % plan.chunkTokens) + plan.chunkTokens;

/** Tokens that stay near as blocks begin because their page is not whole yet; the same for each block. */
export function brokenPageTokens({ select, sinkTokens, windowTokens }: CachePlan): number {
  if (!select) return 0;
  const { pageTokens } = select;
  return (pageTokens - ((sinkTokens + windowTokens) % pageTokens)) % pageTokens;
}
