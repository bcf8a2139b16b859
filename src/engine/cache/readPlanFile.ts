import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type AttentionShape, type CachePlan, layerIndex, policyNames } from '#shared/domain/index.ts';
import { CacheBudgetError } from '#shared/errors/index.ts';
import { checkPlan } from './checkPlan.ts';
import { planId } from './policies/planId.ts';

const keyStore = z.enum(['float32', 'int8']);
const kvHead = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own') }),
  z.object({
    kind: z.literal('follower'),
    leader: z.int().nonnegative().transform(layerIndex),
    mix: z.array(z.array(z.number())),
  }),
]);
const planSchema = z.object({
  id: z.string(),
  policy: z.enum(policyNames),
  shape: z.object({ layers: z.int(), heads: z.int(), kvHeads: z.int(), headDim: z.int() }),
  share: z.enum(['logits', 'keys']),
  sinkTokens: z.int(),
  windowTokens: z.int(),
  chunkTokens: z.int(),
  wholeTokens: z.int().optional(),
  floatTokens: z.int().optional(),
  distant: z.literal('dropped').optional(),
  farKeys: keyStore,
  farValues: z.enum([...keyStore.options, 'int4']),
  select: z.object({ pageTokens: z.int(), readTokens: z.int() }).optional(),
  layers: z.array(z.object({ layer: z.int().transform(layerIndex), kvHeads: z.array(kvHead) })),
});

const fileSchema = z.object({
  plan: planSchema,
  adapter: z.object({ file: z.string().min(1), sha256: z.string().regex(/^[\da-f]{64}$/) }).optional(),
});

/** A plan as its file holds it. */
export interface PlanFile {
  readonly plan: CachePlan;
  /** Where the adapter lies that `plan.adapter` names, which is not looked at here; null where it names none. */
  readonly adapterPath: string | null;
}

/**
 * Reads the plan out of a plan file, `{ made, model, plan, adapter }`, and checks that it is for a decoder of
 * this form. A plan with an adapter gets an id of its own, since caches under it are others.
 * @throws {CacheBudgetError} `cache/plan` for a file that is missing, damaged or of another model
 */
export async function readPlanFile(path: string, shape: AttentionShape): Promise<PlanFile> {
  const { plan: written, adapter } = parse(path, await readText(path));
  const { sliding } = shape;
  const { select, wholeTokens, floatTokens, distant, ...rest } = written;
  const bare: CachePlan = {
    ...rest,
    ...(wholeTokens !== undefined && { wholeTokens }),
    ...(floatTokens !== undefined && { floatTokens }),
    ...(distant && { distant }),
    ...(select && { select }),
    shape: { ...written.shape, ...(sliding && { sliding }) },
  };
  const adapted = adapter && { ...bare, adapter: { sha256: adapter.sha256 } };
  const plan = adapted ? { ...adapted, id: planId(adapted) } : bare;
  const differs = (['layers', 'heads', 'kvHeads', 'headDim'] as const).find((key) => plan.shape[key] !== shape[key]);
  if (differs) {
    throw unusable(`${path} is for another model: its ${differs} is ${plan.shape[differs]}, not ${shape[differs]}.`);
  }
  checkPlan(plan);
  return { plan, adapterPath: adapter ? resolve(dirname(path), adapter.file) : null };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unusable(`The cache plan ${path} cannot be read.`, cause);
  }
}

function parse(path: string, text: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(`${path} is no cache plan.`, cause);
  }
}

function unusable(message: string, cause?: unknown): CacheBudgetError {
  return new CacheBudgetError('cache/plan', message, {
    advice: 'Choose the policy "dense", or make a plan for this model with "explore".',
    cause,
  });
}
