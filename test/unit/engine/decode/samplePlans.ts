import { makePlan, type PlanOptions } from '../../../../src/engine/cache/index.ts';
import type { ModelDescription } from '../../../../src/engine/model/index.ts';
import { type CachePlan, type KvHeadPlan, layerIndex } from '../../../../src/shared/domain/index.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';

/**
 * Layer 1 follows layer 0 whole; layer 2 keeps its keys; of layer 3 one KV head follows layer 2 and
 * the other keeps its own. Mixes are arbitrary, biases included.
 */
export function mixedPlan(model: ModelDescription, options: PlanOptions = {}): CachePlan {
  const random = new SeededRandom(7);
  const own: KvHeadPlan = { kind: 'own' };
  const follow = (leader: number): KvHeadPlan => ({
    kind: 'follower',
    leader: layerIndex(leader),
    mix: Array.from({ length: model.heads / model.kvHeads }, () =>
      Array.from({ length: model.heads + 1 }, () => 0.5 * random.normal()),
    ),
  });
  const layers = [
    [own, own],
    [follow(0), follow(0)],
    [own, own],
    [follow(2), own],
  ].map((kvHeads, layer) => ({ layer: layerIndex(layer), kvHeads }));
  return makePlan('pod', model, {
    layers,
    sinkTokens: 2,
    windowTokens: 8,
    chunkTokens: 8,
    farKeys: 'float32',
    ...options,
  });
}

/** The same sharing, and a written token reads no more than `readTokens` of the distant tokens. */
export const selecting = (plan: CachePlan, readTokens: number, pageTokens = 4): CachePlan =>
  makePlan('pod+select', plan.shape, { ...plan, readTokens, pageTokens });
