import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { OpenedPlan } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { choosePlan } from '#engine/choosePlan.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import type { CachePlan, PolicyName } from '#shared/domain/index.ts';
import { benchText } from './benchText.ts';

const knownFiles: Readonly<Record<string, string>> = {
  quick: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  default: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
  gemma: 'gemma-3-270m-q4_k_m.gguf',
};

export interface BenchModel {
  readonly name: string;
  readonly path: string;
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  /** The file of the sharing plan in resources/plans, or null where this model has none. */
  readonly planPath: string | null;
  readonly densePlan: CachePlan;
}

/** Opens `quick`, `default`, or a GGUF by its path. Throws one clear sentence when there is none. */
export async function openBenchModel(nameOrPath: string): Promise<BenchModel> {
  const data = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  const folder = process.env['PROXIMA_MODELS'] ?? join(process.env['PROXIMA_HOME'] ?? join(data, 'proxima'), 'models');
  const known = knownFiles[nameOrPath];
  const path = known ? join(folder, known) : nameOrPath;
  if (!existsSync(path)) {
    const advice = known ? ` Fetch it with: npm run -s proxima -- models fetch ${nameOrPath}` : '';
    throw new Error(`There is no model file ${path}.${advice}`);
  }
  const gguf = await openGguf(path);
  const model = describeModel(gguf);
  const planPath = new URL(`../resources/plans/${nameOrPath}.json`, import.meta.url).pathname;
  return {
    ...{ name: known ? nameOrPath : basename(path), path, gguf, model },
    planPath: known && existsSync(planPath) ? planPath : null,
    densePlan: makePlan('dense', model),
  };
}

/** What the product runs under a policy, `streaming` with the zones of the sharing plan; null where it needs a plan and there is none. */
export async function benchPlan({ gguf, model, planPath }: BenchModel, policy: PolicyName): Promise<OpenedPlan | null> {
  if (policy === 'dense') return choosePlan({ policy }, model, gguf);
  if (planPath === null) return null;
  if (policy !== 'streaming') return choosePlan({ policy, planPath }, model, gguf);
  const { plan } = await choosePlan({ policy: 'pod', planPath }, model, gguf);
  return { plan: makePlan('streaming', model, plan), adapter: null };
}

/** The first `length` tokens of a text, or of the project's own; a text that is shorter again and again. */
export function benchIds({ gguf }: BenchModel, textPath: string | null, length: number): number[] {
  const ids = new Tokenizer(gguf).encode(benchText(textPath ?? undefined), 'plain');
  return Array.from({ length }, (_, index) => ids[index % ids.length]!);
}
