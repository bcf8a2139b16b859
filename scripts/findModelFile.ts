import { fileURLToPath } from 'node:url';
import { dataFolders } from '../src/library/dataFolders.ts';
import { type ModelFile, ModelStore } from '../src/models/index.ts';

/**
 * The file of a model by its name in the catalogue, or any GGUF by its path, and the plan that ships for it: as the
 * product finds them.
 * @throws {ModelFileError} `model/unknownName` for neither, `model/notFound` when it is not here yet
 */
export async function findModelFile(nameOrPath: string): Promise<ModelFile> {
  const resourcesFolder = fileURLToPath(new URL('../resources', import.meta.url));
  const store = await ModelStore.open({ resourcesFolder, modelsFolder: dataFolders().models });
  return store.find(nameOrPath);
}
