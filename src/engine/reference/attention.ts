import type { CachePlan } from '#shared/domain/index.ts';
import type { ModelDescription } from '../model/index.ts';
import { asStored } from './asStored.ts';
import { attentionLogits, isDistant, isPackedNear, type LayerAttention } from './attentionLogits.ts';
import type { HeadRows, Rows } from './rows.ts';

/** Queries and keys after RoPE, and values: `[tokens][heads or kvHeads][headDim]`. */
export interface Projected {
  readonly queries: HeadRows;
  readonly keys: HeadRows;
  readonly values: HeadRows;
}

export interface Attended extends LayerAttention {
  /** `[tokens][heads][headDim]` */
  readonly output: HeadRows;
  /** Head means of the weights, `[tokens][position + 1]`; each row adds up to 1. */
  readonly weights: Rows;
}

/**
 * Attention of one layer under a plan: one softmax over near and distant logits together, each
 * layer's own values (arXiv 2412.02252, section 3).
 */
export function attention(
  model: ModelDescription,
  plan: CachePlan,
  layer: number,
  { queries, keys, values }: Projected,
  below: readonly LayerAttention[],
): Attended {
  const groupSize = model.heads / model.kvHeads;
  const everyHead = Array.from({ length: model.heads }, (_, head) => head);
  const logits = everyHead.map((head) =>
    queries.map((_, position) => attentionLogits(model, plan, { layer, head, position }, queries, keys, below)),
  );
  const weights = logits.map((ofHead) => ofHead.map(softmax));
  const output = queries.map((_, position) =>
    everyHead.map((head) => {
      const sum = new Float64Array(model.headDim);
      for (const [at, weight] of weights[head]![position]!.entries()) {
        const own = values[at]![Math.floor(head / groupSize)]!;
        const value = isPackedNear(plan, layer, position, at)
          ? asStored('int8', own)
          : isDistant(plan, layer, position, at)
            ? asStored(plan.farValues, own)
            : own;
        for (let index = 0; index < sum.length; index++) sum[index]! += weight * value[index]!;
      }
      return sum;
    }),
  );
  const means = queries.map((_, position) =>
    Float64Array.from(
      { length: position + 1 },
      (_, at) => everyHead.reduce((sum, head) => sum + weights[head]![position]![at]!, 0) / model.heads,
    ),
  );
  return { keys, logits, output, weights: means };
}

function softmax(logits: Float64Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}
