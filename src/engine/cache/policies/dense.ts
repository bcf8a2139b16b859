import { layerIndex } from '#shared/domain/index.ts';
import type { CachePolicy } from './policy.ts';

/** Every layer keeps every key and value, in float32: what the others are measured against. */
export const dense: CachePolicy = {
  name: 'dense',
  summary: 'Every layer keeps every key and value.',
  plan: (shape, { chunkTokens = 128 }) => ({
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
      layer: layerIndex(layer),
      kvHeads: Array.from({ length: shape.kvHeads }, () => ({ kind: 'own' as const })),
    })),
  }),
};
