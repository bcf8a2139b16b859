import { type LoadedModel, policyNames } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import type { Services } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

export interface ModelChoice {
  /** A name of the catalogue, `default`, or the path of a GGUF file. */
  readonly model: string;
  readonly policy: string;
  /** Window of near tokens, in place of the plan's own. */
  readonly windowTokens?: number | undefined;
  /** Whether texts that were read are kept in files, and used again. @default false */
  readonly cache?: boolean | undefined;
}

/**
 * Loads the chosen model into the engine and shows how far it is.
 * @throws {InputError} `input/invalid` for an unknown policy. @throws {ModelFileError} `model/*`
 */
export async function loadModel(
  services: Pick<Services, 'engine' | 'models' | 'cacheFiles' | 'plansFolder'>,
  choice: ModelChoice,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const policy = policyNames.find((name) => name === choice.policy);
  if (!policy) {
    throw new InputError('input/invalid', `"${choice.policy}" is no cache policy.`, {
      advice: `Choose one of ${policyNames.join(', ')}.`,
    });
  }
  const { path, planPath } = services.models.find(modelName(services, choice.model));
  const window = choice.windowTokens === undefined ? {} : { windowTokens: choice.windowTokens };
  const cacheFiles = choice.cache ? services.cacheFiles : null;
  const line = new ProgressLine(terminal);
  try {
    return await services.engine.call(
      'load',
      { modelPath: path, planPath, plansFolder: services.plansFolder, policy, cacheFiles, ...window },
      { signal, onProgress: ({ done }) => line.show(`Loading the model: ${Math.round(done * 100)}%`) },
    );
  } finally {
    line.clear();
  }
}

/** `default` is whatever the catalogue says it is. */
export function modelName({ models }: Pick<Services, 'models'>, wanted: string): string {
  if (wanted !== 'default') return wanted;
  return models.list().find(({ isDefault }) => isDefault)?.id ?? wanted;
}
