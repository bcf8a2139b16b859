import { join } from 'node:path';

/** Root of the project: `out`, `resources` and `package.json` lie here. */
export const projectDir = join(import.meta.dirname, '..', '..');
