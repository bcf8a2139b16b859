import { join, resolve } from 'node:path';
import { askFile } from '#cli/askFile.ts';
import { projectDir } from './projectDir.ts';

export const SAMPLE_QUESTION = 'What can I do with Proxima?';

/**
 * The main job without a window: opens the welcome guide (or the file that was named), streams
 * an answer to a question with its evidence, and tells the bytes that were saved.
 * @returns the exit code
 */
export async function runInTerminal(path: string | undefined, signal: AbortSignal): Promise<number> {
  const terminal = { out: process.stdout, err: process.stderr };
  const file = path === undefined ? join(projectDir, 'resources', 'welcome.md') : resolve(path);
  return askFile(file, SAMPLE_QUESTION, { model: 'default', policy: 'pod' }, terminal, signal);
}
