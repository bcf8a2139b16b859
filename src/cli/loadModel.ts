import { deviceNames } from '#shared/contract/index.ts';
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
  /** Where to compute: one of `deviceNames`. @default 'cpu' */
  readonly device?: string | undefined;
  /** Whether texts that were read are kept in files, and used again. @default false */
  readonly cache?: boolean | undefined;
}

/**
 * Loads the chosen model into the engine and shows how far it is. Whoever asks for another device than the
 * processor is told what came of it.
 * @throws {InputError} `input/invalid` for an unknown policy or device. @throws {ModelFileError} `model/*`
 */
export async function loadModel(
  services: Pick<Services, 'engine' | 'models' | 'cacheFiles' | 'plansFolder'>,
  choice: ModelChoice,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const policy = oneOf(policyNames, choice.policy, 'cache policy');
  const device = oneOf(deviceNames, choice.device ?? 'cpu', 'device');
  const { path, planPath } = services.models.find(modelName(services, choice.model));
  const window = choice.windowTokens === undefined ? {} : { windowTokens: choice.windowTokens };
  const cacheFiles = choice.cache ? services.cacheFiles : null;
  const line = new ProgressLine(terminal);
  try {
    const loaded = await services.engine.call(
      'load',
      { modelPath: path, planPath, plansFolder: services.plansFolder, policy, device, cacheFiles, ...window },
      { signal, onProgress: ({ done }) => line.show(`Loading the model: ${Math.round(done * 100)}%`) },
    );
    line.clear();
    if (device !== 'cpu') terminal.err.write(`${loaded.deviceReason}\n`);
    return loaded;
  } finally {
    line.clear();
  }
}

function oneOf<Name extends string>(names: readonly Name[], wanted: string, what: string): Name {
  const found = names.find((name) => name === wanted);
  if (found !== undefined) return found;
  throw new InputError('input/invalid', `"${wanted}" is no ${what}.`, { advice: `Choose one of ${names.join(', ')}.` });
}

/** `default` is whatever the catalogue says it is. */
export function modelName({ models }: Pick<Services, 'models'>, wanted: string): string {
  if (wanted !== 'default') return wanted;
  return models.list().find(({ isDefault }) => isDefault)?.id ?? wanted;
}
