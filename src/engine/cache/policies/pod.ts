import { layerIndex } from '#shared/domain/index.ts';
import { planId } from './planId.ts';
import type { CachePolicy } from './policy.ts';

/**
 * Proximal tokens over distant tokens (arXiv 2412.02252): each layer attends to near tokens by
 * itself, followers take their leader's logits on distant ones, and every layer keeps its values.
 */
export const pod: CachePolicy = {
  name: 'pod',
  summary: 'Layers that look alike at distant tokens share one set of keys; no token is dropped.',
  plan(shape, options) {
    const { share = 'logits', sinkTokens = 4, windowTokens = 256, chunkTokens = 64, wholeTokens = 0 } = options;
    const { farKeys = 'int8', farValues = 'int8', floatTokens = windowTokens, adapter } = options;
    const layers =
      options.layers ??
      Array.from({ length: shape.layers }, (_, layer) => ({
        layer: layerIndex(layer),
        kvHeads: Array.from({ length: shape.kvHeads }, () => ({ kind: 'own' as const })),
      }));
    const rest = {
      policy: 'pod' as const,
      shape,
      share,
      sinkTokens,
      windowTokens,
      chunkTokens,
      ...(wholeTokens > 0 && { wholeTokens }),
      ...(floatTokens !== windowTokens && { floatTokens }),
      farKeys,
      farValues,
      layers,
      ...(adapter && { adapter }),
    };
    return { id: planId(rest), ...rest };
  },
};
