import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '#shared/errors/index.ts';
import { projectDir } from './projectDir.ts';

/** What the build is made from. */
const SOURCES = ['src', 'electron.vite.config.ts', 'scripts/pdfAssetsPlugin.ts', 'package-lock.json'];
/** Written last by a build. */
const BUILT = 'out/renderer/renderer/index.html';

/** Whether a file the build is made from is newer than what was built from it. */
export function isStale(root: string = projectDir): boolean {
  const built = statSync(join(root, BUILT), { throwIfNoEntry: false });
  return !built || SOURCES.some((source) => newestMs(join(root, source)) > built.mtimeMs);
}

function newestMs(path: string): number {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Builds main process, preload, window and frame. @throws {HostError} `host/unavailable` with what the build said. */
export async function build(): Promise<void> {
  const script = join(projectDir, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const child = spawn(process.execPath, [script, 'build', '--logLevel', 'warn'], { cwd: projectDir, stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (ended) => resolve(ended ?? 1));
  });
  if (code !== 0) {
    throw new HostError('host/unavailable', `Proxima could not be built:\n${said.trim()}`, {
      advice: 'Run npm ci, then npm start again.',
    });
  }
}
