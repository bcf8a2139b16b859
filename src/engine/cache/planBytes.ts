import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant } from './distantRange.ts';
import { nearCapacityTokens } from './sequenceCache.ts';

/**
 * What a cache of `tokens` tokens takes under a plan, when room is made for exactly so many: the same
 * sums as `SequenceCache.report` finds in its stores. Snapshots come on top: see `snapshotBytes`.
 */
export function planBytes(plan: CachePlan, tokens: number): CacheReport {
  const { kvHeads, headDim } = plan.shape;
  const { start, end } = distantRange(plan, tokens);
  const distantTokens = end - start;
  const rowBytes = { float32: 4 * headDim, int8: headDim + 4 };
  const ownHeads = plan.layers.flatMap((layer) => layer.kvHeads).filter(({ kind }) => kind === 'own').length;
  const nearRows = hasDistant(plan) ? nearCapacityTokens(plan) : tokens;
  return cacheReport(plan, {
    tokens,
    nearTokens: tokens - distantTokens,
    distantTokens,
    nearBytes: 2 * plan.layers.length * kvHeads * nearRows * rowBytes.float32,
    farKeyBytes: ownHeads * distantTokens * rowBytes[plan.farKeys],
    farValueBytes: plan.layers.length * kvHeads * distantTokens * rowBytes[plan.farValues],
    snapshotBytes: 0,
  });
}
