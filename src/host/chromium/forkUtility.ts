import { fork } from 'node:child_process';
import type { ForkOptions } from 'electron';
import type { UtilityPart } from '#main/electronParts.ts';

/**
 * How glibc's allocator gives memory back: blocks from 32 KiB on are mapped, so that each returns
 * to the system as soon as it is free. Left alone, the allocator learns to keep blocks of up to 32 MB, and what
 * was used once to pack a model's weights stays resident for good: *measured* 776 in place of 927 MB for the default
 * model when loaded, blocks from 256 KiB on mapped. From 32 KiB on it is less again: the quick model 353 in place of
 * 398 MiB after 512 tokens, as fast. Other systems do not know these names.
 */
export const allocatorSettings = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 2 ** 10),
  MALLOC_TRIM_THRESHOLD_: String(128 * 2 ** 10),
} as const;

/**
 * `utilityProcess.fork` on the Chromium host: a child of plain Node. Messages are cloned with
 * V8's own serialiser, as Electron does, so typed arrays arrive as typed arrays.
 */
export function forkUtility(modulePath: string, args: string[], options: ForkOptions): UtilityPart {
  const child = fork(modulePath, args, {
    serialization: 'advanced',
    execArgv: options.execArgv ?? [],
    env: { ...allocatorSettings, ...process.env },
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
