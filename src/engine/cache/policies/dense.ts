import type { AttentionShape, CachePlan, LayerIndex } from '#shared/domain/index.ts';

/** Every layer keeps every key and value, in float32: what the others are measured against. */
export function densePlan(shape: AttentionShape, chunkTokens = 128): CachePlan {
  return {
    id: 'dense',
    policy: 'dense',
    shape,
    share: 'logits',
    sinkTokens: 0,
    windowTokens: 0,
    chunkTokens,
    farKeys: 'float32',
    farValues: 'float32',
    layers: Array.from({ length: shape.layers }, (_, layer) => ({
      layer: layer as LayerIndex,
      kvHeads: Array.from({ length: shape.kvHeads }, () => ({ kind: 'own' as const })),
    })),
  };
}
