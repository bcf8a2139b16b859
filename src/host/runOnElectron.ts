import { spawn } from 'node:child_process';
import { sandboxed } from './chromium/launchBrowser.ts';
import { projectDir } from './projectDir.ts';

/** Runs the built app in Electron and waits for its end. @returns the exit code */
export function runOnElectron(program: string, paths: readonly string[]): Promise<number> {
  // Chromium refuses to start its sandbox for root.
  const flags = sandboxed ? [] : ['--no-sandbox'];
  const child = spawn(program, [...flags, projectDir, ...paths], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
