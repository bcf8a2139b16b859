import type { CachePlan } from '#shared/domain/index.ts';

/** Share of the distant keys that no layer keeps, 0 to 1: followers among all (layer, KV head). */
export function distantKeysDropped(plan: CachePlan): number {
  const heads = plan.layers.flatMap(({ kvHeads }) => kvHeads);
  return heads.filter(({ kind }) => kind === 'follower').length / heads.length;
}
