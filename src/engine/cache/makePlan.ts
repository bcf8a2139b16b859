import type { AttentionShape, CachePlan, PolicyName } from '#shared/domain/index.ts';
import { checkPlan } from './checkPlan.ts';
import type { PlanOptions } from './policies/policy.ts';
import { policies } from './policies/registry.ts';

/**
 * Makes the plan of a policy for a decoder of this form.
 * @throws {CacheBudgetError} `cache/plan` when the options do not fit the decoder
 */
export function makePlan(policy: PolicyName, shape: AttentionShape, options: PlanOptions = {}): CachePlan {
  const { layers, heads, kvHeads, headDim, sliding } = shape;
  const plan = policies[policy].plan({ layers, heads, kvHeads, headDim, ...(sliding && { sliding }) }, options);
  checkPlan(plan);
  return plan;
}
