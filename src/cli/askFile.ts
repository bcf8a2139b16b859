import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { askBook } from '#asking/index.ts';
import { type AnswerEvent, answerId, type Scope } from '#shared/domain/index.ts';
import { InputError, toWire } from '#shared/errors/index.ts';
import { AnswerPrinter } from './answerPrinter.ts';
import { formatCount, formatDuration } from './formatSizes.ts';
import { printJson } from './jsonPrinter.ts';
import { loadModel, type ModelChoice } from './loadModel.ts';
import { pageRange } from './pageRange.ts';
import { openServices, type Services } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

export interface AskOptions extends ModelChoice {
  readonly pages?: string | undefined;
  /** Reads as much as fits, not only the passages that search picks. */
  readonly full?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** @returns the exit code: 0 for an answer (also "not found"), 1 for a failure, 130 when it was stopped. */
export async function askFile(
  file: string,
  question: string,
  options: AskOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const printer = new AnswerPrinter(terminal);
  const print = (event: AnswerEvent): void => {
    if (!options.json) printer.print(event);
    else {
      printJson(terminal, event);
      if (event.type === 'failed') terminal.err.write(`${event.error.message} ${event.error.advice}\n`);
      if (event.type === 'cancelled') terminal.err.write('Cancelled.\n');
    }
  };
  let last: AnswerEvent['type'] = 'cancelled';
  const tell = (event: AnswerEvent): void => {
    last = event.type;
    print(event);
  };
  try {
    if (question.trim() === '') {
      throw new InputError('input/empty', 'The question is empty.', { advice: 'Write what you want to know.' });
    }
    await using services = await openServices();
    const { info } = await services.shelf.open(resolve(file), { signal });
    const scope: Scope = options.pages === undefined ? { kind: 'whole' } : pageRange(options.pages, info);
    const model = await loadModel(services, options, terminal, signal);
    if (scope.kind === 'whole') await showExtraction(services, info.id, terminal, signal);
    await askBook(
      { ...services, shelf: services.shelf },
      {
        answerId: answerId(randomUUID()),
        book: info.id,
        chat: null,
        question,
        scope,
        amount: options.full ? 'full' : 'brief',
        model,
      },
      { signal, onEvent: tell },
    );
  } catch (thrown) {
    tell(signal.aborted ? { type: 'cancelled' } : { type: 'failed', error: toWire(thrown) });
  }
  return exitCodes[last];
}

const exitCodes: Readonly<Record<AnswerEvent['type'], number>> = {
  started: 1,
  reading: 1,
  restarted: 1,
  deviceFailed: 1,
  token: 1,
  cited: 1,
  finished: 0,
  failed: 1,
  cancelled: 130,
};

/** Waits for the text of a book and shows how far it is. */
export async function showExtraction(
  { shelf }: Pick<Services, 'shelf'>,
  book: Parameters<Services['shelf']['info']>[0],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const line = new ProgressLine(terminal);
  const stop = shelf.onExtraction(({ leavesExtracted, leafCount, remainingMs }) => {
    const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`;
    line.show(`Taking the text from ${formatCount(leavesExtracted)} of ${formatCount(leafCount)} parts${left}`);
  });
  try {
    await shelf.extracted(book, signal);
  } finally {
    stop();
    line.clear();
  }
}
