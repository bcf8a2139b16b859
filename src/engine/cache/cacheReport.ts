import type { AttentionShape, CachePlan, CacheReport } from '#shared/domain/index.ts';
import { distantKeysDropped } from './distantKeysDropped.ts';
import { globalLayers, slidingLayers } from './slidingLayers.ts';

/** What a cache counts itself. */
export type CacheCounts = Pick<
  CacheReport,
  | 'tokens'
  | 'nearTokens'
  | 'distantTokens'
  | 'droppedTokens'
  | 'nearBytes'
  | 'farKeyBytes'
  | 'farValueBytes'
  | 'snapshotBytes'
>;

/** Completes the counts of a cache with their sum and what a dense cache would take. */
export function cacheReport(plan: CachePlan, counts: CacheCounts): CacheReport {
  const { kvHeads, headDim } = plan.shape;
  const elements = 2 * kvHeads * headDim * denseRows(plan.shape, counts.tokens);
  return {
    policy: plan.policy,
    planId: plan.id,
    ...(plan.adapter && { adapter: plan.adapter }),
    ...counts,
    cacheBytes: counts.nearBytes + counts.farKeyBytes + counts.farValueBytes + counts.snapshotBytes,
    denseBytes: elements * 4,
    denseFp16Bytes: elements * 2,
    distantKeysDropped: distantKeysDropped(plan),
  };
}

/** Tokens of all layers together when nothing is shared: sliding layers need no more than their window anywhere. */
function denseRows(shape: AttentionShape, tokens: number): number {
  const windowTokens = shape.sliding?.windowTokens ?? 0;
  return globalLayers(shape).length * tokens + slidingLayers(shape).length * Math.min(tokens, windowTokens);
}
