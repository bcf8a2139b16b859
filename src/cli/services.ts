import { join } from 'node:path';
import { BookShelf } from '#asking/index.ts';
import { DocumentService } from '#documents/index.ts';
import { Engine } from '#engine/index.ts';
import { dataFolders, type Library, openLibrary } from '#library/index.ts';
import { ModelStore } from '#models/index.ts';
import {
  type CacheFilesRequest,
  DEFAULT_CACHE_CAP_BYTES,
  type DocumentCalls,
  type EngineCalls,
} from '#shared/contract/index.ts';
import { portPair, RpcClient, serveRpc } from '#shared/rpc/index.ts';

/** The product's own files: the catalogue, the plans, the welcome guide. */
export const resourcesFolder = join(import.meta.dirname, '..', '..', 'resources');

/** Everything the app has, in this one process: the same services behind the same calls. */
export interface Services extends AsyncDisposable {
  readonly engine: RpcClient<EngineCalls>;
  readonly documents: RpcClient<DocumentCalls>;
  readonly library: Library;
  readonly shelf: BookShelf;
  readonly models: ModelStore;
  /** Where the app keeps what it has read. */
  readonly cacheFiles: CacheFilesRequest;
  /** Where plans made on this machine lie. */
  readonly plansFolder: string;
}

/**
 * Starts the services over the data folder of this machine. Dispose of them with `await using`.
 * @param libraryPath SQLite file of the library; `:memory:` for one that leaves nothing behind
 */
export async function openServices(libraryPath = dataFolders().library): Promise<Services> {
  const folders = dataFolders();
  const models = await openModels();
  const library = openLibrary(libraryPath);
  const engine = new Engine();
  const engineLine = portPair();
  serveRpc(engineLine.server, engine.handlers);
  const documentService = new DocumentService();
  const documentLine = portPair();
  serveRpc(documentLine.server, documentService.handlers);
  const documents = new RpcClient<DocumentCalls>(documentLine.client);
  const shelf = new BookShelf({ documents, library });
  return {
    engine: new RpcClient<EngineCalls>(engineLine.client),
    documents,
    library,
    shelf,
    models,
    cacheFiles: { folder: folders.cache, capBytes: DEFAULT_CACHE_CAP_BYTES },
    plansFolder: folders.plans,
    async [Symbol.asyncDispose]() {
      await shelf.dispose();
      await documentService[Symbol.asyncDispose]();
      await engine.dispose();
      documentLine.close();
      engineLine.close();
      library.dispose();
    },
  };
}

/** The catalogue alone, for commands that need no book. */
export function openModels(): Promise<ModelStore> {
  return ModelStore.open({ resourcesFolder, modelsFolder: dataFolders().models });
}
