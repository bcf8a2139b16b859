import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultThreads } from '../src/engine/runtime/threads.ts';
import { type BudgetName, evalBooks } from './config.ts';
import { type EvalTask, evalTasks } from './running/evalUnits.ts';

/** What a person asks of `npm run eval`. */
export interface EvalOptions {
  readonly budget: BudgetName;
  /** `quick`, `default`, or the path of a GGUF file. */
  readonly model: string;
  /** Only these tasks. */
  readonly tasks: readonly EvalTask[];
  /** Only these texts: `prose-0`, `2048-1`; with `isTalk` `guide`, `novel`, `chapters`. @default all */
  readonly documents: readonly string[] | undefined;
  /** Only these rows; `dense` is always measured. @default all */
  readonly policies: readonly string[] | undefined;
  /** More rows, `NAME=PATH` of a plan file. */
  readonly plans: readonly string[];
  readonly book: EvalBook;
  /** Folder of the two novels. */
  readonly booksFolder: string;
  /** Folder for results, table and curve. */
  readonly outFolder: string;
  /** Makes table and curve of what is there, and measures nothing. */
  readonly isReportOnly: boolean;
  /** Asks in conversations, as a person does, in place of measuring: see `eval/talks`. */
  readonly isTalk: boolean;
  /** Texts that are measured side by side, each in a process of its own. */
  readonly processes: number;
  /** Measures and makes no table: one of `processes`, which tells the one that started it how far it is. */
  readonly isPart: boolean;
  /** Writes what the settings of the app tell of this model. */
  readonly isPublished: boolean;
}

export interface EvalBook {
  /** `reporting`, `tuning`, or the path of an EPUB or text. */
  readonly name: string;
  readonly path: string;
  readonly fileName: string;
}

/**
 * Reads the arguments of the command.
 * @throws {Error} one clear sentence for what cannot be
 */
export function readEvalOptions(args: readonly string[]): EvalOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      model: { type: 'string', default: 'quick' },
      task: { type: 'string', multiple: true },
      document: { type: 'string', multiple: true },
      policy: { type: 'string', multiple: true },
      plan: { type: 'string', multiple: true, default: [] },
      book: { type: 'string', default: 'reporting' },
      books: { type: 'string', default: '../shared/data/books' },
      out: { type: 'string', default: 'test/output/eval' },
      report: { type: 'boolean', default: false },
      talk: { type: 'boolean', default: false },
      processes: { type: 'string', default: String(defaultThreads()) },
      part: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
    },
  });
  const book = bookOf(values.book, values.books);
  if (values.publish && book.fileName === evalBooks.tuning) {
    throw new Error(`--publish takes another book than ${evalBooks.tuning}, which the plans are made from`);
  }
  return {
    budget: values.quick ? 'quick' : 'whole',
    model: values.model,
    tasks: values.task?.map(taskOf) ?? evalTasks,
    documents: values.document,
    policies: values.policy,
    plans: values.plan,
    book,
    booksFolder: values.books,
    outFolder: values.out,
    isReportOnly: values.report,
    isTalk: values.talk,
    processes: wholeNumber('--processes', values.processes),
    isPart: values.part,
    isPublished: values.publish,
  };
}

/** Arguments of one of several processes, which measures these texts and no others. */
export function partArguments(options: EvalOptions, documents: readonly string[], processes: number): string[] {
  const { budget, model, tasks, policies = [], plans, book, booksFolder, outFolder } = options;
  const each = (name: string, values: readonly string[]): string[] => values.flatMap((value) => [name, value]);
  return [
    '--part',
    ...(budget === 'quick' ? ['--quick'] : []),
    ...each('--processes', [String(processes)]),
    ...each('--model', [model]),
    ...each('--book', [book.name]),
    ...each('--books', [booksFolder]),
    ...each('--out', [outFolder]),
    ...each('--task', tasks),
    ...each('--policy', policies),
    ...each('--plan', plans),
    ...each('--document', documents),
  ];
}

function bookOf(name: string, booksFolder: string): EvalBook {
  const path = name === 'tuning' || name === 'reporting' ? join(booksFolder, evalBooks[name]) : name;
  return { name, path, fileName: basename(path) };
}

function taskOf(text: string): EvalTask {
  const task = evalTasks.find((known) => known === text);
  if (!task) throw new Error(`--task is one of ${evalTasks.join(', ')}, not ${text}`);
  return task;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} is a whole number from 1 on, not ${text}`);
  return number;
}
