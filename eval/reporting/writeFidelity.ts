import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dataFolders } from '../../src/library/dataFolders.ts';
import { type FidelityFile, fidelityFileSchema } from '../../src/models/index.ts';
import { policyChoices } from '../../src/shared/domain/index.ts';
import { isEvalModelName } from '../evalModel.ts';

/** Where the app looks for what was measured of a model: beside its plans, which ship or were made on this machine. */
export const fidelityPath = (modelName: string, fingerprint: string): string =>
  isEvalModelName(modelName)
    ? join('resources/fidelity', `${modelName}.json`)
    : join(dataFolders().fidelity, `${fingerprint}.json`);

/**
 * Writes a file that the app can read. Points of other policies that stand in it already, of the same model, book and
 * budget, are kept, so that a policy whose plan changed can be measured alone. Throws when there is nothing to tell,
 * and leaves a file that is there as it is.
 */
export function writeFidelity(path: string, file: FidelityFile): void {
  if (!file.points.some(({ loss }) => loss)) {
    throw new Error(
      'There is nothing to publish: running text and copies of dense and of pod, pod+select or pod+int4 are needed.',
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  const points = [...file.points, ...pointsToKeep(path, file)].sort(
    (a, b) => policyChoices.indexOf(a.policy) - policyChoices.indexOf(b.policy),
  );
  writeFileSync(path, `${JSON.stringify(fidelityFileSchema.parse({ ...file, points }), null, 2)}\n`);
}

function pointsToKeep(path: string, { made, model, points }: FidelityFile): FidelityFile['points'] {
  const before = existsSync(path) ? parsed(readFileSync(path, 'utf8')) : null;
  if (!before || !isDeepStrictEqual([before.made, before.model], [made, model])) return [];
  return before.points.filter(({ policy }) => points.every((point) => point.policy !== policy));
}

/** Null for a file that was cut or is of another form: the app could not read it either. */
function parsed(text: string): FidelityFile | null {
  try {
    return fidelityFileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
