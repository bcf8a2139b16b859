import type { CachePlan, CacheReport, ValueStoreType } from '#shared/domain/index.ts';
import { cacheReport } from './cacheReport.ts';
import { distantRange, hasDistant, keepsDistant, packedNearRange } from './distantRange.ts';
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
  const rowBytes = (type: ValueStoreType): number => rowCodecs[type].rowBytes(headDim);
  const ownHeads = layers.flatMap((layer) => plan.layers[layer]!.kvHeads).filter(({ kind }) => kind === 'own').length;
  const capacity = hasDistant(plan) ? nearCapacityTokens(plan) : 0;
  const nearRows = layers.length * (leftTokens > 0 ? capacity : Math.max(capacity, tokens));
  const keyBytes =
    plan.select && plan.farKeys === 'int8' ? pagedKeyBytes(plan.select.pageTokens, headDim) : rowBytes(plan.farKeys);
  const packed = packedNearRange(plan, tokens);
  const packedBytes = layers.length * (packed.end - packed.start) * 2 * packedNearBytes(kvHeads, headDim);
  const slidingRows = slidingLayers(plan.shape).length * Math.min(tokens, slidingCapacityTokens(plan));
  return cacheReport(plan, {
    tokens,
    nearTokens: tokens - leftTokens,
    distantTokens,
    ...(plan.distant === 'dropped' && { droppedTokens: leftTokens }),
    nearBytes: 2 * kvHeads * (nearRows + slidingRows) * rowBytes('float32') + packedBytes,
    farKeyBytes: ownHeads * distantTokens * keyBytes,
    farValueBytes: layers.length * kvHeads * distantTokens * rowBytes(plan.farValues),
    snapshotBytes: 0,
  });
}

/** What the stores that only grow take after `tokens` tokens: a file of them holds no less. */
export function growingBytes(plan: CachePlan, tokens: number): number {
  const { kvHeads, headDim } = plan.shape;
  const { farKeyBytes, farValueBytes } = planBytes(plan, tokens);
  const nearRows = hasDistant(plan) ? 0 : globalLayers(plan.shape).length * tokens;
  return farKeyBytes + farValueBytes + 2 * kvHeads * headDim * 4 * nearRows;
}
