import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';

const extensions: ReadonlySet<string> = new Set(['.pdf', '.epub', '.txt', '.text', '.md', '.markdown']);

/**
 * The document that a command line names: its last argument that is no option and is a file
 * of a kind Proxima reads. The first argument is the program.
 *
 * @param workingDirectory what a relative path starts from
 */
export function fileArgument(commandLine: readonly string[], workingDirectory: string): string | null {
  const paths = commandLine
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && extensions.has(extname(argument).toLowerCase()))
    .map((argument) => resolve(workingDirectory, argument));
  return paths.findLast((path) => statSync(path, { throwIfNoEntry: false })?.isFile()) ?? null;
}
