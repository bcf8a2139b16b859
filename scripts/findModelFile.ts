import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolders } from '../src/library/dataFolders.ts';
import { type ModelFile, ModelStore } from '../src/models/index.ts';

/** A model file under its name in records: that of the catalogue, or the file's own. */
export interface NamedModelFile extends ModelFile {
  readonly name: string;
}

/**
 * The file of a model by its name in the catalogue, or any GGUF by its path, and the plan that ships for it: as the
 * product finds them.
 * @throws {ModelFileError} `model/unknownName` for neither, `model/notFound` when it is not here yet
 */
export async function findModelFile(nameOrPath: string): Promise<NamedModelFile> {
  const resourcesFolder = fileURLToPath(new URL('../resources', import.meta.url));
  const store = await ModelStore.open({ resourcesFolder, modelsFolder: dataFolders().models });
  const file = store.find(nameOrPath);
  return { ...file, name: file.path === nameOrPath ? basename(file.path) : nameOrPath };
}
