import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Proxima keeps what it remembers. */
export interface DataFolders {
  readonly root: string;
  /** The SQLite file of the library. */
  readonly library: string;
  /** Model files, shared by app, command line and tests. */
  readonly models: string;
  readonly cache: string;
  /** Sharing plans made on this machine, one for each model. */
  readonly plans: string;
  /** What the eval measured of models on this machine, one file for each. */
  readonly fidelity: string;
  /** What exploring a model measured, so that it goes on where it was stopped. */
  readonly explore: string;
}

/**
 * The data folder: `PROXIMA_HOME` if it is set, else `proxima` in the system's folder for
 * application data (XDG base directories, Application Support, or APPDATA). `PROXIMA_MODELS`
 * moves the models alone.
 */
export function dataFolders(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): DataFolders {
  const root = env['PROXIMA_HOME'] || join(systemDataFolder(env, platform, home), 'proxima');
  return {
    root,
    library: join(root, 'library.sqlite'),
    models: env['PROXIMA_MODELS'] || join(root, 'models'),
    cache: join(root, 'cache'),
    plans: join(root, 'plans'),
    fidelity: join(root, 'fidelity'),
    explore: join(root, 'explore'),
  };
}

function systemDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return env['APPDATA'] || join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env['XDG_DATA_HOME'] || join(home, '.local', 'share');
}
