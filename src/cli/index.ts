import { CommanderError } from 'commander';
import { toWire } from '#shared/errors/index.ts';
import { makeProgram } from './program.ts';

/** Entry of the command line: runs one command and ends with its exit code. */
const terminal = { out: process.stdout, err: process.stderr };
const stop = new AbortController();

// The first Ctrl-C asks the command to stop and to say so; the second ends the process at once.
process.on('SIGINT', () => {
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
});

process.exitCode = await main();

async function main(): Promise<number> {
  let exitCode = 0;
  try {
    const program = makeProgram(terminal, stop.signal, (code) => {
      exitCode = code;
    });
    await program.parseAsync();
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode;
    if (stop.signal.aborted) {
      terminal.err.write('Cancelled.\n');
      return 130;
    }
    const { message, advice } = toWire(thrown);
    terminal.err.write(`${message} ${advice}\n`);
    return 1;
  }
}
