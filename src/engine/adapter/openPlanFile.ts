import type { AttentionShape, CachePlan } from '#shared/domain/index.ts';
import { readPlanFile } from '../cache/index.ts';
import type { GgufFile } from '../gguf/index.ts';
import type { Adapter } from './adapter.ts';
import { readAdapterFile } from './readAdapterFile.ts';

/** A plan, and the weights it wants changed: what a decoder is made with, beside the model. */
export interface OpenedPlan {
  readonly plan: CachePlan;
  /** The one that `plan.adapter` names; null where it names none. */
  readonly adapter: Adapter | null;
}

/**
 * Reads a plan file for a model, and the adapter that it names.
 * @throws {CacheBudgetError} `cache/plan` or `cache/adapter` for a file that is missing, damaged or of another model
 */
export async function openPlanFile(path: string, gguf: GgufFile, shape: AttentionShape): Promise<OpenedPlan> {
  const { plan, adapterPath } = await readPlanFile(path, shape);
  const adapter =
    plan.adapter && adapterPath !== null
      ? await readAdapterFile(adapterPath, plan.adapter.sha256, gguf, shape.layers)
      : null;
  return { plan, adapter };
}
