import type { CachePlan } from '#shared/domain/index.ts';
import { losesRows } from './nearSnapshot.ts';

/**
 * The last position, `tokens` or before, that a cache can go back to: where it has a snapshot, or
 * where no row ever leaves a near store any start of a block. Only starts of blocks, because a block
 * that is read in one call is rounded otherwise than the same tokens one by one.
 *
 * @param snapshots positions, ascending
 * @returns 0 when there is none
 */
export function rewindPoint(plan: CachePlan, snapshots: readonly number[], tokens: number): number {
  if (!losesRows(plan)) return tokens - (tokens % plan.chunkTokens);
  return snapshots.findLast((position) => position <= tokens) ?? 0;
}
