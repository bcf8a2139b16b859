import { readFile } from 'node:fs/promises';
import type { LoadRequest } from '#shared/contract/index.ts';
import type { AttentionShape, CachePlan } from '#shared/domain/index.ts';
import { CacheBudgetError } from '#shared/errors/index.ts';
import { densePlan } from './cache/policies/dense.ts';

/**
 * The plan a model runs under: `dense`, or the sharing plan in the file that was named. A model
 * without such a file runs `dense`; its `LoadedModel` says so by the policy's name.
 *
 * @throws {CacheBudgetError} `cache/plan` when the file is no plan, or one for another model
 */
export async function choosePlan(request: LoadRequest, shape: AttentionShape): Promise<CachePlan> {
  const { layers, heads, kvHeads, headDim } = shape;
  if (request.policy === 'dense' || !request.planPath) return densePlan({ layers, heads, kvHeads, headDim });
  const plan = planIn(await readFile(request.planPath, 'utf8'), request.planPath);
  const found = plan.shape;
  if (found.layers !== layers || found.heads !== heads || found.kvHeads !== kvHeads || found.headDim !== headDim) {
    throw new CacheBudgetError(
      'cache/plan',
      `The plan is for ${found.layers} layers with ${found.heads} heads; the model has ${layers} with ${heads}.`,
      { advice: 'Choose the policy "dense", or the plan that belongs to this model.' },
    );
  }
  return {
    ...plan,
    sinkTokens: request.sinkTokens ?? plan.sinkTokens,
    windowTokens: request.windowTokens ?? plan.windowTokens,
  };
}

function planIn(json: string, path: string): CachePlan {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    content = null;
  }
  if (typeof content === 'object' && content !== null && 'plan' in content && isPlan(content.plan)) return content.plan;
  throw new CacheBudgetError(
    'cache/plan',
    `"${path}" holds no plan; a plan file has a "plan" with one entry a layer.`,
    {
      advice: 'Choose the policy "dense", or make the plan again.',
    },
  );
}

/** A plan comes with the product or was made by it, so its form is checked and not each number. */
function isPlan(value: unknown): value is CachePlan {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, layers } = value as Partial<CachePlan>;
  return Array.isArray(layers) && typeof shape?.layers === 'number' && layers.length === shape.layers;
}
