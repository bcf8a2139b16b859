import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { electronInstaller, electronProgram } from './electronProgram.ts';
import { projectDir } from './projectDir.ts';

/** Electron's archive is some 120 MB: a slow line needs minutes, a blocked one would need for ever. */
const INSTALL_LIMIT_MS = 180_000;
const TELL_EVERY_MS = 5_000;

/** Left behind by an attempt that failed, so that not every start waits for the next. */
const triedMark = join(projectDir, 'node_modules', 'electron', '.proxima-tried');

/**
 * Fetches Electron's program, once: a failed attempt is not repeated. Tells how long it has
 * been at it, and stops after `INSTALL_LIMIT_MS`.
 *
 * @returns the program, or null when it cannot be had
 */
export async function installElectron(tell: (line: string) => void): Promise<string | null> {
  if (!existsSync(electronInstaller) || existsSync(triedMark)) return null;
  tell('No browser and no Electron program are installed: fetching Electron (about 120 MB) …');
  const startedAt = Date.now();
  const child = spawn(process.execPath, [electronInstaller], { stdio: 'ignore' });
  const telling = setInterval(
    () => tell(`  … ${Math.round((Date.now() - startedAt) / 1000)} s of at most ${INSTALL_LIMIT_MS / 1000} s`),
    TELL_EVERY_MS,
  );
  const limit = setTimeout(() => child.kill(), INSTALL_LIMIT_MS);
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  clearInterval(telling);
  clearTimeout(limit);
  const program = electronProgram();
  if (program === null) {
    writeFileSync(triedMark, 'Delete this file to let npm start try again.\n');
    tell(`  Electron could not be fetched. Delete ${triedMark} to let the next start try again.`);
  }
  return program;
}
