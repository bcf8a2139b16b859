import { fork } from 'node:child_process';
import type { ForkOptions } from 'electron';
import type { UtilityPart } from '#main/electronParts.ts';

/**
 * `utilityProcess.fork` on the Chromium host: a child of plain Node. Messages are cloned with
 * V8's own serialiser, as Electron does, so typed arrays arrive as typed arrays.
 */
export function forkUtility(modulePath: string, args: string[], options: ForkOptions): UtilityPart {
  const child = fork(modulePath, args, {
    serialization: 'advanced',
    execArgv: options.execArgv ?? [],
    env: { ...process.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stop = (): void => void child.kill();
  process.once('exit', stop);
  child.once('exit', () => process.removeListener('exit', stop));
  return {
    pid: child.pid,
    postMessage: (message) => {
      // A message to a child that has just died is lost; its `exit` tells.
      if (child.connected) child.send(message as object, () => undefined);
    },
    kill: () => child.kill(),
    on: (event: 'message' | 'exit', listener: (value: never) => void) => {
      if (event === 'message') child.on('message', listener as (message: unknown) => void);
      else child.on('exit', (code) => (listener as (code: number) => void)(code ?? KILLED));
      return child;
    },
  };
}

/** Exit code told for a child that a signal ended, which has none. */
const KILLED = -1;
