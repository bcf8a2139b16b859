import type { LoadRequest } from '#shared/contract/index.ts';
import type { AttentionShape, CachePlan } from '#shared/domain/index.ts';
import { makePlan, readPlanFile } from './cache/index.ts';

/**
 * The plan a model runs under: `dense`, or the sharing plan in the file that was named. A model
 * without such a file runs `dense`; its `LoadedModel` says so by the policy's name.
 *
 * @throws {CacheBudgetError} `cache/plan` when the file is no plan, or one for another model
 */
export async function choosePlan(request: LoadRequest, shape: AttentionShape): Promise<CachePlan> {
  if (request.policy === 'dense' || !request.planPath) return makePlan('dense', shape);
  const plan = await readPlanFile(request.planPath, shape);
  const { share, layers, chunkTokens, farKeys, farValues } = plan;
  const sinkTokens = request.sinkTokens ?? plan.sinkTokens;
  const windowTokens = request.windowTokens ?? plan.windowTokens;
  if (request.policy === plan.policy) return { ...plan, sinkTokens, windowTokens };
  const options = { share, layers, sinkTokens, windowTokens, chunkTokens, farKeys, farValues };
  return makePlan(request.policy, shape, options);
}
