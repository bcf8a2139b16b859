import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { devices } from '#shared/contract/index.ts';
import { defaultPolicy, policyNames } from '#shared/domain/index.ts';
import { type AskOptions, askFile } from './askFile.ts';
import { type CompleteOptions, completePrompt } from './completePrompt.ts';
import type { ExploreSharingOptions } from './exploreOptions.ts';
import { exploreSharing } from './exploreSharing.ts';
import { type InspectOptions, inspectFile } from './inspectFile.ts';
import { fetchModel, listModels } from './listModels.ts';
import type { Terminal } from './terminal.ts';

/** Every command of Proxima, the same engine without a window. `setExitCode` is told how each one ended. */
export function makeProgram(terminal: Terminal, signal: AbortSignal, setExitCode: (code: number) => void): Command {
  const program = new Command('proxima')
    .description('Reads long documents and answers questions about them on your own machine.')
    .exitOverride()
    .showHelpAfterError('(add --help for what can be given)')
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    });
  const model = ['--model <name or path>', 'a model of the catalogue, or a GGUF file', 'default'] as const;
  const policy = ['--policy <name>', `how the cache is kept: ${policyNames.join(', ')}`, defaultPolicy] as const;
  const device = [
    '--device <name>',
    `where to compute: ${devices.join(', ')}, or auto, which takes the fastest in a short trial; the processor does the work of a device that is not here or fails the trial`,
    'cpu',
  ] as const;
  const json = ['--json', 'one JSON object a line'] as const;

  program
    .command('ask <file> <question>')
    .description('answer a question about a PDF, an EPUB or a text file')
    .option('--pages <range>', 'read these pages only: 12 or 12-14')
    .option('--full', 'read as much of the document as fits, not only what search picks')
    .option(...model)
    .option(...policy)
    .option(...device)
    .option('--no-cache', 'neither use what was read before nor keep what is read now')
    .option(...json)
    .action(async (file: string, question: string, options: AskOptions) =>
      setExitCode(await askFile(file, question, options, terminal, signal)),
    );
  program
    .command('inspect <file>')
    .description('tell how long a document is: pages or sections, outline, characters, tokens')
    .option(...model)
    .option(...json)
    .action(async (file: string, options: InspectOptions) =>
      setExitCode(await inspectFile(file, options, terminal, signal)),
    );
  program
    .command('complete')
    .description('continue a text as it is, greedily')
    .requiredOption('--prompt <text>', 'the text to go on from')
    .option('--tokens <count>', 'how many tokens to make', '32')
    .option('--force <text>', 'score this continuation in place of making one')
    .option(
      '--window <tokens>',
      "near tokens with every layer's own keys, all in float32, in place of the plan's number",
    )
    .option(...model)
    .option(...policy)
    .option(...device)
    .option(...json)
    .action(async (options: CompleteOptions) => setExitCode(await completePrompt(options, terminal, signal)));
  program
    .command('explore')
    .description('make the sharing plan of a model, by which pod shares keys among its layers')
    .option(...model)
    .option('--text <file>', 'a long document to read for it: PDF, EPUB or text')
    .option('--saving <share>', 'share of distant keys to drop at the least error (default: a third)')
    .option('--leaders <count>', 'layers that keep all their keys, in place of a saving')
    .option('--protect <count>', 'with --leaders: heads of other layers that keep their keys (default: 0)')
    .option('--window <tokens>', "near tokens with every layer's own keys", '1024')
    .option('--out <file>', 'where to put the plan (default: the data folder, where ask and the app find it)')
    .option(...json)
    .action(async (options: ExploreSharingOptions) => setExitCode(await exploreSharing(options, terminal, signal)));

  const models = program.command('models').description('list the models, or fetch one');
  models
    .command('list', { isDefault: true })
    .description('list the catalogue and where each file is')
    .option(...json)
    .action(async (options: { json?: boolean }) => setExitCode(await listModels(options, terminal)));
  models
    .command('fetch <name>')
    .description('fetch a model; "default" is the one for answering')
    .action(async (name: string) => setExitCode(await fetchModel(name, terminal, signal)));

  program
    .command('app')
    .description('open the window, the same as npm start')
    .argument('[files...]', 'documents to open')
    .action(async (files: string[]) => setExitCode(await startApp(files)));
  return program;
}

function startApp(files: readonly string[]): Promise<number> {
  const script = join(import.meta.dirname, '..', 'host', 'start.ts');
  const child = spawn(process.execPath, [script, ...files], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
