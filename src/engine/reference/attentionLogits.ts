import type { CachePlan } from '#shared/domain/index.ts';
import { distantRange, packedNearRange } from '../cache/distantRange.ts';
import { isSliding } from '../cache/slidingLayers.ts';
import type { ModelDescription } from '../model/index.ts';
import { asStored } from './asStored.ts';
import { dot, type HeadRows } from './rows.ts';

/** What a layer computed that layers above may follow. */
export interface LayerAttention {
  /** After RoPE, `[tokens][kvHeads][headDim]`. */
  readonly keys: HeadRows;
  /** `[heads][tokens][position + 1]`: each query against all keys up to its own; -Infinity for what it does not see. */
  readonly logits: readonly (readonly Float64Array[])[];
}

/**
 * Whether the token at `at` is distant for the query at `position`, so that its row comes from a far
 * store. A sliding layer has none: all that it sees it keeps.
 */
export function isDistant(plan: CachePlan, layer: number, position: number, at: number): boolean {
  const { start, end } = distantRange(plan, position);
  return !isSliding(plan.shape, layer) && at >= start && at < end;
}

/** Whether its row comes packed from the near zone. */
export function isPackedNear(plan: CachePlan, layer: number, position: number, at: number): boolean {
  const { start, end } = packedNearRange(plan, position);
  return !isSliding(plan.shape, layer) && at >= start && at < end;
}

/**
 * Logits of one query head over all tokens up to the query, of which the distant ones may come from
 * a leader (arXiv 2412.02252, section 3):
 *
 * ```
 * near      q · own key * queryScale, of the older ones as int8 gives them back
 * distant   own keys       the same
 *           share: logits  sum over the leader's heads of mix[head] * leader's logit, + bias
 *           share: keys    q · leader's key of the same KV head * queryScale
 *           dropped        -Infinity
 * ```
 * @param queries after RoPE, `[tokens][heads][headDim]`
 * @param keys after RoPE, `[tokens][kvHeads][headDim]`
 * @param below the layers under this one, lowest first
 * @returns `[position + 1]`
 */
export function attentionLogits(
  model: ModelDescription,
  plan: CachePlan,
  place: { readonly layer: number; readonly head: number; readonly position: number },
  queries: HeadRows,
  keys: HeadRows,
  below: readonly LayerAttention[],
): Float64Array {
  const { layer, head, position } = place;
  const groupSize = model.heads / model.kvHeads;
  const kvHead = Math.floor(head / groupSize);
  const headPlan = plan.layers[layer]!.kvHeads[kvHead]!;
  const query = queries[position]![head]!;
  const against = (key: Float64Array): number => dot(query, key) * model.queryScale;
  const { sliding } = model;
  const isUnseen = (at: number): boolean =>
    sliding !== undefined && isSliding(model, layer) && position - at >= sliding.windowTokens;
  return Float64Array.from({ length: position + 1 }, (_, at) => {
    if (isUnseen(at)) return Number.NEGATIVE_INFINITY;
    const own = keys[at]![kvHead]!;
    if (plan.distant === 'dropped' && isDistant(plan, layer, position, at)) return Number.NEGATIVE_INFINITY;
    if (isPackedNear(plan, layer, position, at)) return against(asStored('int8', own));
    if (!isDistant(plan, layer, position, at)) return against(own);
    if (headPlan.kind === 'own') return against(asStored(plan.farKeys, own));
    const leader = below[headPlan.leader]!;
    if (plan.share === 'keys') return against(asStored(plan.farKeys, leader.keys[at]![kvHead]!));
    const row = headPlan.mix[head % groupSize]!;
    const bias = row[model.heads]!;
    return leader.logits.reduce((sum, ofHead, other) => sum + row[other]! * ofHead[position]![at]!, bias);
  });
}
