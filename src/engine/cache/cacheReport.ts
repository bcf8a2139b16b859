import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import { distantKeysDropped } from './distantKeysDropped.ts';

/** What a cache counts itself. */
export type CacheCounts = Pick<
  CacheReport,
  'tokens' | 'nearTokens' | 'distantTokens' | 'nearBytes' | 'farKeyBytes' | 'farValueBytes' | 'snapshotBytes'
>;

/** Completes the counts of a cache with their sum and what a dense cache would take. */
export function cacheReport(plan: CachePlan, counts: CacheCounts): CacheReport {
  const { layers, kvHeads, headDim } = plan.shape;
  const elements = 2 * layers * kvHeads * headDim * counts.tokens;
  return {
    policy: plan.policy,
    planId: plan.id,
    ...counts,
    cacheBytes: counts.nearBytes + counts.farKeyBytes + counts.farValueBytes + counts.snapshotBytes,
    denseBytes: elements * 4,
    denseFp16Bytes: elements * 2,
    distantKeysDropped: distantKeysDropped(plan),
  };
}
