import { join } from 'node:path';
import { BookShelf } from '#asking/index.ts';
import { engineExecArgv } from '#engine/engineExecArgv.ts';
import { dataFolders, type Library, openLibrary } from '#library/index.ts';
import { ModelStore, readFidelity } from '#models/index.ts';
import type { AppEventName, AppEvents, DocumentCalls, EngineCalls } from '../../shared/contract/index.ts';
import { type ModelFidelity, modelId } from '../../shared/domain/index.ts';
import type { ElectronParts } from '../electronParts.ts';
import { AskService } from './askService.ts';
import { ChildService } from './childService.ts';
import { EngineService } from './engineService.ts';
import { FetchService } from './fetchService.ts';
import { SettingsService } from './settingsService.ts';

/** A book that needs a larger heap than 2 GiB to be parsed is made to fill the memory. */
const DOCUMENT_EXEC_ARGV = ['--max-old-space-size=2048'];
/** No page takes a minute; a process that says nothing for so long is caught in a loop. */
const DOCUMENT_SILENCE_MS = 60_000;

/** Everything behind the window's calls. */
export interface AppServices {
  readonly library: Library;
  readonly settings: SettingsService;
  readonly models: ModelStore;
  /** What was measured of models: what ships, and what was measured on this machine. */
  readonly fidelity: readonly ModelFidelity[];
  readonly fetches: FetchService;
  readonly shelf: BookShelf;
  readonly engine: EngineService;
  readonly engineProcess: ChildService<EngineCalls>;
  readonly documentProcess: ChildService<DocumentCalls>;
  readonly asking: AskService;
  /** Stops all work and closes the library. */
  dispose(): Promise<void>;
}

export interface AppServicesOptions {
  readonly utilityProcess: ElectronParts['utilityProcess'];
  /** The build's output folder; `resources` lies beside it. */
  readonly outDir: string;
  readonly resourcesDir: string;
  readonly tell: <Name extends AppEventName>(name: Name, payload: AppEvents[Name]) => void;
}

/** Composes library, shelf, models, asking and the two child processes. Nothing heavy is started yet. */
export async function openAppServices(options: AppServicesOptions): Promise<AppServices> {
  const { utilityProcess, outDir, resourcesDir, tell } = options;
  const folders = dataFolders();
  const models = await ModelStore.open({ resourcesFolder: resourcesDir, modelsFolder: folders.models });
  const fidelity = await readFidelity([folders.fidelity, join(resourcesDir, 'fidelity')]);
  const library = openLibrary(folders.library);
  const defaultModel = models.list().find(({ isDefault }) => isDefault)?.id ?? modelId('default');
  const settings = new SettingsService(library, defaultModel);

  const documentProcess = new ChildService<DocumentCalls>({
    utilityProcess,
    name: 'Proxima documents',
    modulePath: join(outDir, 'main/documents.js'),
    execArgv: DOCUMENT_EXEC_ARGV,
    silenceMs: DOCUMENT_SILENCE_MS,
  });
  const engineProcess = new ChildService<EngineCalls>({
    utilityProcess,
    name: 'Proxima engine',
    modulePath: join(outDir, 'main/engine.js'),
    execArgv: engineExecArgv,
    onDeath: (code) => engine.died(code),
  });

  const shelf = new BookShelf({ documents: documentProcess, library });
  shelf.onExtraction((state) => tell('extraction', state));
  const fetches = new FetchService(models, (progress) => tell('modelFetch', progress));
  const engine = new EngineService({
    engine: engineProcess,
    models,
    settings: () => settings.read(),
    cacheFolder: folders.cache,
    plansFolder: folders.plans,
    tell: (state) => tell('engine', state),
  });
  const asking = new AskService({
    services: { engine: engineProcess, documents: documentProcess, library, shelf },
    engine,
    fetches,
    wantedModel: () => settings.read().model,
    tell: (events) => tell('answer', events),
  });

  return {
    library,
    settings,
    models,
    fidelity,
    fetches,
    shelf,
    engine,
    engineProcess,
    documentProcess,
    asking,
    dispose: async () => {
      asking.dispose();
      fetches.dispose();
      await shelf.dispose();
      engineProcess.dispose();
      documentProcess.dispose();
      library.dispose();
    },
  };
}
