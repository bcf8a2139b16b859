import { fork } from 'node:child_process';
import { once } from 'node:events';
import { engineExecArgv } from '../../src/engine/engineExecArgv.ts';

/** What a measuring process tells the one that started it. */
export interface ProgressMessage {
  readonly doneTokens: number;
  readonly totalTokens: number;
}

export interface ProcessesOptions {
  /** Each measures its part and puts the results into the same file. */
  readonly script: string;
  /** `[processes]`: arguments of each. */
  readonly argumentLists: readonly (readonly string[])[];
  readonly signal: AbortSignal;
  readonly onProgress: (doneTokens: number, totalTokens: number) => void | Promise<void>;
}

/**
 * Measures in several processes: the runtime computes on the thread that calls it, so that one process cannot run two
 * models at once, and two threads inside one small operator gain less than two operators side by side.
 *
 * When it is stopped, or one of them fails, the others are stopped, too, and waited for; results so far are kept.
 * @throws {Error} when one of them failed; whatever the signal aborts with
 */
export async function measureInProcesses(options: ProcessesOptions): Promise<void> {
  const { script, argumentLists, signal, onProgress } = options;
  const progress: ProgressMessage[] = argumentLists.map(() => ({ doneTokens: 0, totalTokens: 0 }));
  const children = argumentLists.map((list, place) => {
    const child = fork(script, list, { execArgv: [...engineExecArgv], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (message) => {
      progress[place] = message as ProgressMessage;
      const sum = (of: keyof ProgressMessage): number => progress.reduce((total, each) => total + each[of], 0);
      void onProgress(sum('doneTokens'), sum('totalTokens'));
    });
    return child;
  });
  // A process without the one that started it stops by itself, so that none is left behind by one that was killed.
  const stopAll = (): void => {
    for (const child of children) if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', stopAll);
  const codes = await Promise.all(
    children.map(async (child) => {
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) stopAll();
      return code;
    }),
  );
  signal.removeEventListener('abort', stopAll);
  signal.throwIfAborted();
  const failed = codes.filter((code) => code !== 0);
  if (failed.length > 0) {
    throw new Error(
      `${failed.length} of ${codes.length} measuring processes ended with ${failed.map(String).join(', ')} in place of 0. Results so far are kept; the same command goes on from here.`,
    );
  }
}
