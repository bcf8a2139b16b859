import { existsSync } from 'node:fs';
import type { LoadRequest } from '#shared/contract/index.ts';
import type { AttentionShape } from '#shared/domain/index.ts';
import { type OpenedPlan, openPlanFile } from './adapter/index.ts';
import { makePlan, type PlanOptions } from './cache/index.ts';
import { type GgufFile, sampledModelDigest } from './gguf/index.ts';
import { madePlanPath } from './madePlanPath.ts';

/**
 * The plan a model runs under, with the adapter that belongs to it: `dense` or `streaming`, which take no sharing plan;
 * or the sharing plan that was made for this very file on this machine; or the one in the file that was named. Under
 * `pod+int4` its smaller sibling, where there is one, goes before it. A model without any runs `dense`; its
 * `LoadedModel` says so by the policy's name.
 *
 * @throws {CacheBudgetError} `cache/plan` when the file is no plan, or one for another model;
 *   `cache/adapter` when the same is so of the adapter that the plan names
 */
export async function choosePlan(request: LoadRequest, shape: AttentionShape, gguf: GgufFile): Promise<OpenedPlan> {
  if (request.policy === 'dense') return { plan: makePlan('dense', shape), adapter: null };
  if (request.policy === 'streaming') return { plan: makePlan('streaming', shape, nearZones(request)), adapter: null };
  const usualPath = (await ownPlanPath(request.plansFolder, gguf)) ?? request.planPath;
  const path = usualPath && request.policy === 'pod+int4' ? smallPlanPath(usualPath) : usualPath;
  if (!path) return { plan: makePlan('dense', shape), adapter: null };
  const { plan, adapter } = await openPlanFile(path, gguf, shape);
  const sinkTokens = request.sinkTokens ?? plan.sinkTokens;
  const windowTokens = request.windowTokens ?? plan.windowTokens;
  const sized = { ...plan, sinkTokens, windowTokens };
  return { plan: request.policy === plan.policy ? sized : makePlan(request.policy, shape, sized), adapter };
}

/** `NAME.small.json` beside `NAME.json`, a plan with a narrow window, where there is one; else the plan itself. */
function smallPlanPath(path: string): string {
  const small = path.replace(/\.json$/, '.small.json');
  return existsSync(small) ? small : path;
}

const nearZones = ({ sinkTokens, windowTokens }: LoadRequest): PlanOptions => ({
  ...(sinkTokens !== undefined && { sinkTokens }),
  ...(windowTokens !== undefined && { windowTokens }),
});

/** A plan that `explore` made for exactly this model; null when there is none. */
async function ownPlanPath(plansFolder: string | null | undefined, gguf: GgufFile): Promise<string | null> {
  if (!plansFolder || !existsSync(plansFolder)) return null;
  const path = madePlanPath(plansFolder, await sampledModelDigest(gguf));
  return existsSync(path) ? path : null;
}
