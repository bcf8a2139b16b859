import type { CachePlan, LayerIndex, MapBand } from '#shared/domain/index.ts';

/**
 * The bands of the distant zone under a plan, lowest leader first. A layer whose KV heads follow
 * different leaders stands in the band of the first; one that follows nobody has a band of its own.
 */
export function mapBands(plan: CachePlan): readonly MapBand[] {
  const layersOf = new Map<LayerIndex, LayerIndex[]>();
  for (const { layer, kvHeads } of plan.layers) {
    const leader = kvHeads.find((head) => head.kind === 'follower')?.leader ?? layer;
    layersOf.set(leader, [...(layersOf.get(leader) ?? []), layer]);
  }
  return [...layersOf].sort(([a], [b]) => a - b).map(([leader, layers]) => ({ leader, layers }));
}
