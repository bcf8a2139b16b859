import { layerIndex } from '#shared/domain/index.ts';
import { planId } from './planId.ts';
import type { CachePolicy } from './policy.ts';

/**
 * StreamingLLM (arXiv 2309.17453): the first tokens and a window of recent ones are kept, in float32, and all else
 * is dropped. The paper's window of 1,020 after 4 sinks is the default. It numbers positions anew inside the cache,
 * to go on beyond the length a model was trained for; here texts stay below that length and tokens keep the
 * positions they had when they were read, which is exact.
 */
export const streaming: CachePolicy = {
  name: 'streaming',
  summary: 'The first tokens and a window of recent ones are kept; what is older is forgotten.',
  plan(shape, { sinkTokens = 4, windowTokens = 1020, chunkTokens = 64, wholeTokens = 0 }) {
    const rest = {
      policy: 'streaming' as const,
      shape,
      share: 'logits' as const,
      sinkTokens,
      windowTokens,
      chunkTokens,
      ...(wholeTokens > 0 && { wholeTokens }),
      distant: 'dropped' as const,
      farKeys: 'float32' as const,
      farValues: 'float32' as const,
      layers: Array.from({ length: shape.layers }, (_, layer) => ({
        layer: layerIndex(layer),
        kvHeads: Array.from({ length: shape.kvHeads }, () => ({ kind: 'own' as const })),
      })),
    };
    return { id: planId(rest), ...rest };
  },
};
