import { join, resolve } from 'node:path';
import { terminalSession } from '#cli/terminalSession.ts';
import { projectDir } from './projectDir.ts';

const SAMPLE_QUESTION = 'How does Proxima save memory?';

/**
 * The main job without a window: opens the welcome guide (or the file that was named), streams
 * an answer to a question with its evidence and the bytes saved, and takes further questions.
 * @param windowAdvice How to get a window on this machine.
 * @returns the exit code
 */
export function runInTerminal(path: string | undefined, windowAdvice: string, signal: AbortSignal): Promise<number> {
  const file = path === undefined ? join(projectDir, 'resources', 'welcome.md') : resolve(path);
  const terminal = { out: process.stdout, err: process.stderr };
  return terminalSession(
    { file, sampleQuestion: SAMPLE_QUESTION, windowAdvice, input: process.stdin },
    terminal,
    signal,
  );
}
