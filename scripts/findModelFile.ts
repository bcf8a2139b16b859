import { fileURLToPath } from 'node:url';
import { dataFolders } from '../src/library/dataFolders.ts';
import { type ModelFile, ModelStore } from '../src/models/index.ts';
import { ReaderError } from '../src/shared/errors/index.ts';

/**
 * The file of a model by its name in the catalogue, or any GGUF by its path, and the plan that ships for it: as the
 * product finds them. Throws what is wrong and what to do about it in one message, for a command to print.
 */
export async function findModelFile(nameOrPath: string): Promise<ModelFile> {
  const resourcesFolder = fileURLToPath(new URL('../resources', import.meta.url));
  const store = await ModelStore.open({ resourcesFolder, modelsFolder: dataFolders().models });
  try {
    return store.find(nameOrPath);
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error;
    throw new Error(`${error.message} ${error.advice}`, { cause: error });
  }
}
