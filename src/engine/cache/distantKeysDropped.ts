import type { CachePlan } from '#shared/domain/index.ts';
import { globalLayers } from './slidingLayers.ts';

/**
 * Share of the distant keys that no layer keeps, 0 to 1: followers among all (layer, KV head) that see distant
 * tokens, or all where distant tokens are dropped.
 */
export function distantKeysDropped(plan: CachePlan): number {
  const heads = globalLayers(plan.shape).flatMap((layer) => plan.layers[layer]!.kvHeads);
  if (plan.distant === 'dropped') return heads.length === 0 ? 0 : 1;
  return heads.length === 0 ? 0 : heads.filter(({ kind }) => kind === 'follower').length / heads.length;
}
