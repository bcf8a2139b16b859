import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressLine } from '../../scripts/progressLine.ts';
import { openServices } from '../../src/cli/services.ts';
import { planDigest } from '../../src/engine/cache/files/index.ts';
import { choosePlan } from '../../src/engine/choosePlan.ts';
import { openGguf, sampledModelDigest } from '../../src/engine/gguf/index.ts';
import { describeModel } from '../../src/engine/model/index.ts';
import type { LoadRequest } from '../../src/shared/contract/index.ts';
import { defaultPolicy, type PolicyName, policyNames } from '../../src/shared/domain/index.ts';
import type { EvalModelName } from '../evalModel.ts';
import { readTalks, type Talk } from './talk.ts';
import { talkReport } from './talkReport.ts';
import { type TalkModel, TalkRun } from './talkRun.ts';
import { TalkStore } from './talkStore.ts';

export interface TalksOptions {
  readonly modelName: EvalModelName;
  /** Beside `dense`. @default the policy of whoever does not choose */
  readonly policies?: readonly string[] | undefined;
  /** Only these: `guide`, `novel`, `chapters`. @default all */
  readonly documents?: readonly string[] | undefined;
  readonly booksFolder: string;
  /** For `talks.jsonl` and `MODEL-talks.md`. */
  readonly outFolder: string;
  /** Makes the tables of what is there, and asks nothing. */
  readonly isReportOnly: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks the questions of the talks through the product's own path, in one conversation for each document and policy,
 * and writes the answers side by side. What is there already is not asked again.
 *
 * @returns the exit code: 130 when it was stopped
 */
export async function talks(options: TalksOptions): Promise<number> {
  const { modelName, outFolder, signal } = options;
  const policies = policiesOf(options.policies);
  await using services = await openServices(':memory:');
  const line = progressLine(`${modelName} model, questions`);
  const run = await TalkRun.open({
    services,
    modelName,
    models: await talkModels(services.models.find(modelName), policies),
    talks: talksOn(await readTalks(options.booksFolder), options.documents),
    store: new TalkStore(join(outFolder, 'talks.jsonl')),
    signal,
    onProgress: line,
    onTurn: ({ policy, document }, { question, milliseconds }) =>
      console.error(`${policy}, ${document}: ${question} ${(milliseconds / 1000).toFixed(1)} s`),
  });
  let isStopped = false;
  if (!options.isReportOnly) {
    try {
      await run.run();
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      isStopped = true;
    }
  }
  const results = run.results();
  if (results.length > 0) {
    const path = join(outFolder, `${modelName}-talks.md`);
    const report = talkReport(results, policies);
    mkdirSync(outFolder, { recursive: true });
    writeFileSync(path, report);
    console.log(report);
    console.error(path);
  }
  return isStopped ? 130 : 0;
}

function policiesOf(wanted: readonly string[] = [defaultPolicy]): readonly PolicyName[] {
  const known = wanted.map((text) => {
    const policy = policyNames.find((name) => name === text);
    if (policy === undefined) throw new Error(`--policy is one of ${policyNames.join(', ')}, not ${text}`);
    return policy;
  });
  return [...new Set([...known.filter((policy) => policy !== 'dense'), 'dense' as const])];
}

function talksOn(all: readonly Talk[], wanted: readonly string[] | undefined): readonly Talk[] {
  const names = all.map(({ document }) => document);
  const wrong = wanted?.find((text) => names.every((name) => name !== text));
  if (wrong !== undefined) throw new Error(`--document is one of ${names.join(', ')} with --talk, not ${wrong}`);
  return wanted ? all.filter(({ document }) => wanted.includes(document)) : all;
}

/** The model under each policy, with the plans that ship: not those made on this machine. */
async function talkModels(
  { path, planPath }: { readonly path: string; readonly planPath: string | null },
  policies: readonly PolicyName[],
): Promise<TalkModel[]> {
  const gguf = await openGguf(path);
  try {
    const shape = describeModel(gguf);
    const modelDigest = await sampledModelDigest(gguf);
    const models: TalkModel[] = [];
    for (const policy of policies) {
      const load: LoadRequest = { modelPath: path, planPath, policy, device: 'cpu' };
      const { plan } = await choosePlan(load, shape, gguf);
      models.push({ load, digest: `${modelDigest} ${planDigest(plan, 'cpu')}` });
    }
    return models;
  } finally {
    gguf.close();
  }
}
