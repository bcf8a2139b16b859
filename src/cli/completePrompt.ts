import { InputError } from '#shared/errors/index.ts';
import { formatBytes, formatDuration } from './formatSizes.ts';
import { printJson } from './jsonPrinter.ts';
import { loadModel, type ModelChoice } from './loadModel.ts';
import { openServices } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

export interface CompleteOptions extends ModelChoice {
  readonly prompt: string;
  readonly tokens: string;
  readonly force?: string | undefined;
  /** Window of near tokens, in place of the plan's own. */
  readonly window?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Continues a text as it is, without chat and without a document. Greedy, so it can be repeated. */
export async function completePrompt(
  options: CompleteOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const tokens = count(options.tokens, '--tokens');
  if (options.prompt === '') {
    throw new InputError('input/empty', 'The prompt is empty.', { advice: 'Give the text to go on from.' });
  }
  await using services = await openServices();
  const windowTokens = options.window === undefined ? undefined : count(options.window, '--window');
  await loadModel(services, { ...options, windowTokens }, terminal, signal);
  const line = new ProgressLine(terminal);
  const force = options.force === undefined ? {} : { force: options.force };
  const result = await services.engine.call(
    'complete',
    { prompt: options.prompt, tokens, ...force },
    {
      signal,
      onProgress: (progress) => {
        if (options.json) {
          if (progress.type !== 'prompt') printJson(terminal, progress);
        } else if (progress.type === 'deviceFailed') {
          line.clear();
          terminal.err.write(`\n${progress.statement}\n`);
        } else if (progress.type === 'token') {
          line.clear();
          terminal.out.write(progress.text);
        } else if (progress.type === 'reading') {
          line.show(`Reading ${progress.doneTokens} of ${progress.totalTokens} tokens`);
        }
      },
    },
  );
  const { cacheBytes, denseBytes, denseFp16Bytes, policy } = result.cache;
  if (options.json)
    printJson(terminal, { type: 'finished', ...result, cacheBytes, denseBytes, denseFp16Bytes, policy });
  else {
    terminal.out.write('\n');
    terminal.err.write(
      `\nRead ${result.promptTokens} tokens in ${formatDuration(result.prefillMs)}, wrote ${result.newTokens} in ` +
        `${formatDuration(result.decodeMs)} on ${result.device}. Cache (${policy}): ${formatBytes(cacheBytes)} of ${formatBytes(denseBytes)}.\n`,
    );
  }
  return 0;
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new InputError('input/invalid', `${option} is "${text}"; it must be a whole number from 1 on.`, {
    advice: `Give a number such as ${option} 32.`,
  });
}
