import type { OpenedPlan } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { choosePlan } from '#engine/choosePlan.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import type { CachePlan, PolicyName } from '#shared/domain/index.ts';
import { findModelFile } from '../scripts/findModelFile.ts';
import { benchText } from './benchText.ts';

export interface BenchModel {
  readonly name: string;
  readonly path: string;
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  /** The file of the sharing plan that ships for this model, or null where there is none. */
  readonly planPath: string | null;
  readonly densePlan: CachePlan;
}

/** Opens a model by its name in the catalogue, or any GGUF by its path. @throws {ModelFileError} `model/*` when there is none */
export async function openBenchModel(nameOrPath: string): Promise<BenchModel> {
  const { name, path, planPath } = await findModelFile(nameOrPath);
  const gguf = await openGguf(path);
  const model = describeModel(gguf);
  return { name, path, gguf, model, planPath, densePlan: makePlan('dense', model) };
}

/** What the product runs under a policy, `streaming` with the zones of its usual plan; null where it needs a plan and there is none. */
export async function benchPlan({ gguf, model, planPath }: BenchModel, policy: PolicyName): Promise<OpenedPlan | null> {
  if (policy === 'dense') return choosePlan({ policy }, model, gguf);
  if (planPath === null) return null;
  if (policy !== 'streaming') return choosePlan({ policy, planPath }, model, gguf);
  const { plan } = await choosePlan({ policy: 'pod+select', planPath }, model, gguf);
  return { plan: makePlan('streaming', model, plan), adapter: null };
}

/** The first `length` tokens of a text, or of the project's own; a text that is shorter again and again. */
export function benchIds({ gguf }: BenchModel, textPath: string | null, length: number): number[] {
  const ids = new Tokenizer(gguf).encode(benchText(textPath ?? undefined), 'plain');
  return Array.from({ length }, (_, index) => ids[index % ids.length]!);
}
