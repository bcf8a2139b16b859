import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { askBook } from '#asking/index.ts';
import { answerId, type BookId, type ChatId, chatId, defaultPolicy, type LoadedModel } from '#shared/domain/index.ts';
import { ReaderError, toWire } from '#shared/errors/index.ts';
import { AnswerPrinter } from './answerPrinter.ts';
import { showExtraction } from './askFile.ts';
import { fetchModel } from './listModels.ts';
import { loadModel } from './loadModel.ts';
import { openServices, type Services } from './services.ts';
import type { Terminal } from './terminal.ts';

export interface TerminalSession {
  /** The document to open. */
  readonly file: string;
  /** Asked at once, so that the first start shows what Proxima does. */
  readonly sampleQuestion: string;
  /** How to get a window on this machine, as one or two sentences. */
  readonly windowAdvice: string;
  /** Where further questions come from; null takes none. */
  readonly input: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | null;
}

const MODEL = { model: 'default', policy: defaultPolicy, cache: true };

/**
 * Proxima where no window can be opened: opens a document, streams an answer to a sample
 * question with its evidence and the bytes saved, then takes questions from a terminal as
 * one conversation. A model that is not here yet is fetched first.
 *
 * @returns the exit code: 0, 1 when the sample question failed, 130 when it was stopped.
 */
export async function terminalSession(
  { file, sampleQuestion, windowAdvice, input }: TerminalSession,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  try {
    await using services = await openServices();
    if (services.library.damage) terminal.err.write(`${services.library.damage.message}\n`);
    const { info } = await services.shelf.open(resolve(file), { signal });
    terminal.err.write(`“${info.title}” is open.\n`);
    const model = await modelAtHand(services, terminal, signal);
    await showExtraction(services, info.id, terminal, signal);
    const chat = chatId(randomUUID());
    const ask = (question: string): Promise<number> =>
      answer(services, { book: info.id, chat, model, question }, terminal, signal);
    terminal.out.write(`\n> ${sampleQuestion}\n`);
    const exitCode = await ask(sampleQuestion);
    terminal.err.write(`\n${windowAdvice}\n`);
    if (input?.isTTY) await takeQuestions(input, ask, terminal, signal);
    return exitCode;
  } catch (thrown) {
    if (signal.aborted) {
      terminal.err.write('Cancelled.\n');
      return 130;
    }
    const { message, advice } = toWire(thrown);
    terminal.err.write(`${message} ${advice}\n${windowAdvice}\n`);
    return 1;
  }
}

async function modelAtHand(services: Services, terminal: Terminal, signal: AbortSignal): Promise<LoadedModel> {
  try {
    return await loadModel(services, MODEL, terminal, signal);
  } catch (thrown) {
    if (!(thrown instanceof ReaderError) || thrown.code !== 'model/notFound') throw thrown;
    terminal.err.write('The model for answering is fetched once.\n');
    await fetchModel(MODEL.model, terminal, signal);
    return loadModel(services, MODEL, terminal, signal);
  }
}

async function answer(
  services: Services,
  request: { readonly book: BookId; readonly chat: ChatId; readonly model: LoadedModel; readonly question: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const printer = new AnswerPrinter(terminal);
  let exitCode = 1;
  await askBook(
    services,
    { ...request, answerId: answerId(randomUUID()), scope: { kind: 'whole' } },
    {
      signal,
      onEvent: (event) => {
        if (event.type === 'finished') exitCode = 0;
        if (event.type === 'cancelled') exitCode = 130;
        printer.print(event);
      },
    },
  );
  return exitCode;
}

async function takeQuestions(
  input: NodeJS.ReadableStream,
  ask: (question: string) => Promise<number>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  terminal.err.write('Ask more about this document. An empty line ends.\n');
  const lines = createInterface({ input, output: terminal.out });
  // Ctrl-C in the prompt ends the session; while an answer runs, the process hears it.
  lines.once('SIGINT', () => lines.close());
  try {
    while (!signal.aborted) {
      const question = await lines.question('\n> ', { signal });
      if (question.trim() === '') return;
      lines.pause();
      await ask(question);
      lines.resume();
    }
  } catch (thrown) {
    if (!signal.aborted && !(thrown instanceof Error && thrown.name === 'AbortError')) throw thrown;
  } finally {
    lines.close();
  }
}
