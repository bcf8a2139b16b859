import { existsSync } from 'node:fs';
import type { LoadRequest } from '#shared/contract/index.ts';
import {
  type AttentionShape,
  type CachePlan,
  type PolicyChoice,
  type PolicyName,
  policyChoices,
} from '#shared/domain/index.ts';
import { ReaderError } from '#shared/errors/index.ts';
import { type OpenedPlan, openPlanFile } from './adapter/index.ts';
import { makePlan, type PlanOptions, readPlanFile } from './cache/index.ts';
import { type GgufFile, sampledModelDigest } from './gguf/index.ts';
import { madePlanPath } from './madePlanPath.ts';

/** What of a `LoadRequest` decides which plan a model runs under. */
export type PlanRequest = Pick<LoadRequest, 'policy' | 'planPath' | 'plansFolder' | 'sinkTokens' | 'windowTokens'>;

/**
 * The plan a model runs under, with the adapter that belongs to it: `dense` or `streaming`, which take no sharing plan;
 * or the sharing plan that was made for this very file on this machine; or the one in the file that was named. Under
 * `pod+int4` its smaller sibling, where there is one, goes before it. A model without any runs `dense`; its
 * `LoadedModel` says so by the policy's name.
 *
 * @throws {CacheBudgetError} `cache/plan` when the file is no plan, or one for another model;
 *   `cache/adapter` when the same is so of the adapter that the plan names
 */
export async function choosePlan(request: PlanRequest, shape: AttentionShape, gguf: GgufFile): Promise<OpenedPlan> {
  const path = pathUnder(request.policy, await usualPlanPath(request, gguf));
  if (path === null) return { plan: unsharedPlan(request, shape), adapter: null };
  const { plan, adapter } = await openPlanFile(path, gguf, shape);
  return { plan: planUnder(request, plan, shape), adapter };
}

/**
 * Names of the plans that `choosePlan` would choose, by the policy that is asked for in place of the request's own. A
 * policy whose plan file cannot be used has none. Adapters are not read.
 */
export async function chosenPlanIds(
  request: PlanRequest,
  shape: AttentionShape,
  gguf: GgufFile,
): Promise<Readonly<Partial<Record<PolicyChoice, string>>>> {
  const usualPath = await usualPlanPath(request, gguf);
  const ids: Partial<Record<PolicyChoice, string>> = {};
  for (const policy of policyChoices) {
    const asked = { ...request, policy };
    const path = pathUnder(policy, usualPath);
    try {
      const plan = path === null ? null : (await readPlanFile(path, shape)).plan;
      ids[policy] = (plan ? planUnder(asked, plan, shape) : unsharedPlan(asked, shape)).id;
    } catch (thrown) {
      // Told about when this policy is chosen: it must not keep a model from running under another one.
      if (!(thrown instanceof ReaderError)) throw thrown;
    }
  }
  return ids;
}

/** The sharing plan under a policy, with the request's own sinks and window where it names any. */
function planUnder(request: PlanRequest, plan: CachePlan, shape: AttentionShape): CachePlan {
  const sinkTokens = request.sinkTokens ?? plan.sinkTokens;
  const windowTokens = request.windowTokens ?? plan.windowTokens;
  // Another window than the plan's says nothing of which of its tokens are packed, so none is.
  const packing = windowTokens === plan.windowTokens ? {} : { floatTokens: windowTokens };
  // A plan that is taken as it is keeps its name, which the figures measured of it are found by.
  if (request.policy === plan.policy && sinkTokens === plan.sinkTokens && windowTokens === plan.windowTokens)
    return plan;
  return makePlan(request.policy, shape, { ...plan, sinkTokens, windowTokens, ...packing });
}

const unsharedPlan = (request: PlanRequest, shape: AttentionShape): CachePlan =>
  request.policy === 'streaming' ? makePlan('streaming', shape, nearZones(request)) : makePlan('dense', shape);

/** The file of the sharing plan that a policy takes, null for none. */
function pathUnder(policy: PolicyName, usualPath: string | null): string | null {
  if (policy === 'dense' || policy === 'streaming' || usualPath === null) return null;
  return policy === 'pod+int4' ? smallPlanPath(usualPath) : usualPath;
}

/** `NAME.small.json` beside `NAME.json`, a plan that drops more keys, where there is one; else the plan itself. */
function smallPlanPath(path: string): string {
  const small = path.replace(/\.json$/, '.small.json');
  return existsSync(small) ? small : path;
}

const nearZones = ({ sinkTokens, windowTokens }: PlanRequest): PlanOptions => ({
  ...(sinkTokens !== undefined && { sinkTokens }),
  ...(windowTokens !== undefined && { windowTokens }),
});

/** A plan that `explore` made for exactly this model, else the one that was named; null when there is none. */
async function usualPlanPath({ plansFolder, planPath }: PlanRequest, gguf: GgufFile): Promise<string | null> {
  if (plansFolder && existsSync(plansFolder)) {
    const path = madePlanPath(plansFolder, await sampledModelDigest(gguf));
    if (existsSync(path)) return path;
  }
  return planPath || null;
}
