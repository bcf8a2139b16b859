import { existsSync } from 'node:fs';
import { findModelFile } from '../scripts/findModelFile.ts';
import { type Adapter, openPlanFile } from '../src/engine/adapter/index.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { choosePlan, type PlanRequest } from '../src/engine/choosePlan.ts';
import { dataFolders } from '../src/library/dataFolders.ts';
import type { CachePlan, PolicyChoice } from '../src/shared/domain/index.ts';
import { type EvalModel, isEvalModelName } from './evalModel.ts';

/** The policies that share keys among layers, of those that the product offers. */
type SharingPolicy = Exclude<PolicyChoice, 'dense'>;

/** The model's sharing plans that rows are made of. */
export interface EvalPlans {
  /** What the product runs under each policy. */
  readonly product: Readonly<Record<SharingPolicy, CachePlan>>;
  /** The usual plan under `pod`, with no text kept near as a whole; the product may run another one under `pod+int4`. */
  readonly usual: CachePlan;
  /**
   * The same before training: mixes as they were fitted, no adapter. Where nothing was trained, the usual plan
   * itself; null where it is not there any more.
   */
  readonly untrained: CachePlan | null;
}

export interface OpenedEvalPlans {
  readonly plans: EvalPlans;
  /** All that the plans name. */
  readonly adapters: readonly Adapter[];
}

/**
 * Opens the plans of a model by the same choice as the product. A model that plans ship for and that is asked for by
 * its name has those; a file has what it would run under on this machine: a plan that was made for it here goes first.
 */
export async function openEvalPlans(evalModel: EvalModel): Promise<OpenedEvalPlans> {
  return choosePlans(
    evalModel,
    isEvalModelName(evalModel.name) ? shipped(evalModel.name) : await onThisMachine(evalModel),
  );
}

/** The same, of given places. Throws one clear sentence for a model without a sharing plan. */
export async function choosePlans(
  { name, path, gguf, model }: EvalModel,
  places: Omit<PlanRequest, 'policy'>,
): Promise<OpenedEvalPlans> {
  const adapters: Adapter[] = [];
  const chosen = async (policy: SharingPolicy): Promise<CachePlan> => {
    const { plan, adapter } = await choosePlan({ ...places, policy }, model, gguf);
    if (plan.policy !== policy) {
      throw new Error(
        `There is no sharing plan for ${name}, so nothing can be compared. ` +
          `Make one: npm run -s proxima -- explore --model "${path}" --text BOOK`,
      );
    }
    if (adapter && !adapters.some(({ sha256 }) => sha256 === adapter.sha256)) adapters.push(adapter);
    return plan;
  };
  const product = {
    pod: await chosen('pod'),
    'pod+select': await chosen('pod+select'),
    'pod+int4': await chosen('pod+int4'),
  };
  const withoutWhole = (plan: CachePlan): CachePlan => makePlan('pod', model, { ...plan, wholeTokens: 0 });
  const usual = withoutWhole(product['pod+select']);
  if (!usual.adapter) return { plans: { product, usual, untrained: usual }, adapters };
  const untrainedPath = `eval/plans/${name}-untrained.json`;
  const untrained = existsSync(untrainedPath)
    ? withoutWhole((await openPlanFile(untrainedPath, gguf, model)).plan)
    : null;
  return { plans: { product, usual, untrained }, adapters };
}

const shipped = (name: string): Omit<PlanRequest, 'policy'> => ({ planPath: `resources/plans/${name}.json` });

const onThisMachine = async ({ path }: EvalModel): Promise<Omit<PlanRequest, 'policy'>> => ({
  planPath: (await findModelFile(path)).planPath,
  plansFolder: dataFolders().plans,
});
