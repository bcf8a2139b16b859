import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolders } from '../../src/library/dataFolders.ts';
import { type FidelityFile, fidelityFileSchema } from '../../src/models/index.ts';
import { isEvalModelName } from '../evalModel.ts';

/** Where the app looks for what was measured of a model: beside its plans, which ship or were made on this machine. */
export const fidelityPath = (modelName: string, fingerprint: string): string =>
  isEvalModelName(modelName)
    ? join('resources/fidelity', `${modelName}.json`)
    : join(dataFolders().fidelity, `${fingerprint}.json`);

/** Writes a file that the app can read. Throws when there is nothing to tell, and leaves a file that is there as it is. */
export function writeFidelity(path: string, file: FidelityFile): void {
  if (!file.points.some(({ loss }) => loss)) {
    throw new Error(
      'There is nothing to publish: running text and copies of dense and of pod, pod+select or pod+int4 are needed.',
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(fidelityFileSchema.parse(file), null, 2)}\n`);
}
