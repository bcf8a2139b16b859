import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant, keepsDistant, packedNearTokens, undistantTokens } from './distantRange.ts';
import { packedNearBytes } from './packedNearStore.ts';
import { pagedKeyBytes } from './pageStore.ts';
import { rowCodecs } from './rowCodec.ts';
import { globalLayers, slidingCapacityTokens, slidingLayers } from './slidingLayers.ts';
import { nearCapacityTokens } from './zonedRows.ts';

/**
 * What a cache of `tokens` tokens takes under a plan, when room is made for exactly so many: the same
 * sums as `SequenceCache.report` finds in its stores. Snapshots come on top: see `snapshotBytes`.
 */
export function planBytes(plan: CachePlan, tokens: number): CacheReport {
  const { kvHeads, headDim } = plan.shape;
  const { start, end } = distantRange(plan, tokens);
  const layers = globalLayers(plan.shape);
  const leftTokens = layers.length > 0 ? end - start : 0;
  const distantTokens = keepsDistant(plan) ? leftTokens : 0;
  const ownHeads = layers.flatMap((layer) => plan.layers[layer]!.kvHeads).filter(({ kind }) => kind === 'own').length;
  const keyBytes =
    plan.select && plan.farKeys === 'int8'
      ? pagedKeyBytes(plan.select.pageTokens, headDim)
      : rowCodecs[plan.farKeys].rowBytes(headDim);
  return cacheReport(plan, {
    tokens,
    nearTokens: tokens - leftTokens,
    distantTokens,
    ...(plan.distant === 'dropped' && { droppedTokens: leftTokens }),
    nearBytes: nearBytes(plan, tokens, leftTokens > 0 ? null : tokens),
    farKeyBytes: ownHeads * distantTokens * keyBytes,
    farValueBytes: layers.length * kvHeads * distantTokens * rowCodecs[plan.farValues].rowBytes(headDim),
    snapshotBytes: 0,
  });
}

/** @param allNear tokens that are all near and float32; null once some have left the near stores */
function nearBytes(plan: CachePlan, tokens: number, allNear: number | null): number {
  const { kvHeads, headDim } = plan.shape;
  const layers = globalLayers(plan.shape).length;
  const capacity = hasDistant(plan) ? nearCapacityTokens(plan) : 0;
  const rows = layers * Math.max(capacity, allNear ?? 0);
  const packedRows = allNear === null ? layers * packedNearTokens(plan) : 0;
  const slidingRows = slidingLayers(plan.shape).length * Math.min(tokens, slidingCapacityTokens(plan));
  const floatBytes = kvHeads * rowCodecs.float32.rowBytes(headDim);
  return 2 * ((rows + slidingRows) * floatBytes + packedRows * packedNearBytes(kvHeads, headDim));
}

/**
 * What the cache takes at most while a text of `tokens` tokens is read, when room for all of it is made at the start:
 * just before its first tokens become distant, all that was read is near and in float32.
 */
export function peakBytes(plan: CachePlan, tokens: number): number {
  const report = planBytes(plan, tokens);
  const before = nearBytes(plan, tokens, undistantTokens(plan, tokens));
  return report.cacheBytes + Math.max(0, before - report.nearBytes);
}

/** What the stores that only grow take after `tokens` tokens: a file of them holds no less. */
export function growingBytes(plan: CachePlan, tokens: number): number {
  const { kvHeads, headDim } = plan.shape;
  const { farKeyBytes, farValueBytes } = planBytes(plan, tokens);
  const nearRows = hasDistant(plan) ? 0 : globalLayers(plan.shape).length * tokens;
  return farKeyBytes + farValueBytes + 2 * kvHeads * headDim * 4 * nearRows;
}
