import { join } from 'node:path';
import { terminalSession } from '#cli/terminalSession.ts';
import { projectDir } from './projectDir.ts';

const SAMPLE_QUESTION = 'What can I do with Proxima?';

/**
 * The main job without a window: opens the welcome guide (or the file that was named), answers
 * a question about it, and takes more from a terminal.
 * @returns the exit code
 */
export function runInTerminal(path: string | undefined, windowAdvice: string, signal: AbortSignal): Promise<number> {
  return terminalSession(
    {
      file: path ?? join(projectDir, 'resources', 'welcome.md'),
      sampleQuestion: SAMPLE_QUESTION,
      windowAdvice,
      input: process.stdin,
    },
    { out: process.stdout, err: process.stderr },
    signal,
  );
}
