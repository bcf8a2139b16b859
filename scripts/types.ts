import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** Checks each runtime's sources against that runtime's own libraries. */
const projects = ['shared', 'node', 'documents', 'web', 'test'];
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let failed = false;
for (const project of projects) {
  const run = spawnSync(process.execPath, [tsc, '-p', `tsconfig.${project}.json`, '--pretty', 'false'], {
    stdio: 'inherit',
  });
  failed ||= run.status !== 0;
}
process.exit(failed ? 1 : 0);
