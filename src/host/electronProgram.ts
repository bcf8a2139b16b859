import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from './projectDir.ts';

const packageDir = join(projectDir, 'node_modules', 'electron');

/** Script of the electron package that fetches its program. */
export const electronInstaller = join(packageDir, 'install.js');

/**
 * Where Electron's program lies, or null when it has not been fetched. Only looks at files:
 * to `require` the package would start a download that nobody can stop.
 */
export function electronProgram(env: NodeJS.ProcessEnv = process.env): string | null {
  const name = join(packageDir, 'path.txt');
  if (!existsSync(name)) return null;
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageDir, 'dist');
  const program = join(folder, readFileSync(name, 'utf8').trim());
  return existsSync(program) ? program : null;
}
