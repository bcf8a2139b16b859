import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { progressLine } from '../scripts/progressLine.ts';
import { openPlanFile } from '../src/engine/adapter/index.ts';
import { sampledModelDigest } from '../src/engine/gguf/index.ts';
import { defaultThreads } from '../src/engine/runtime/threads.ts';
import { bookTokens } from './bookTokens.ts';
import { type BudgetName, type EvalRow, evalBooks, evalBudgets, evalRows, planFileRow } from './config.ts';
import { isEvalModelName, openEvalModel } from './evalModel.ts';
import { openEvalPlans } from './evalPlans.ts';
import { curve } from './reporting/curve.ts';
import { measuredPoints } from './reporting/measuredPoints.ts';
import { report } from './reporting/report.ts';
import { ResultStore } from './reporting/resultStore.ts';
import { fidelityPath, writeFidelity } from './reporting/writeFidelity.ts';
import { EvalRun } from './running/evalRun.ts';
import { type EvalTask, evalTasks, evalUnits } from './running/evalUnits.ts';
import { measureInProcesses, type ProgressMessage } from './running/measureInProcesses.ts';
import { shareDocuments } from './running/shareDocuments.ts';
import { talks } from './talks/index.ts';

/**
 * The yardstick: policies x tasks x budgets through the shipped engine. Results are JSON lines, and a table and a
 * curve made of them. What is there already is not measured again; stopped at any time it goes on from there.
 */
const { values: options } = parseArgs({
  options: {
    /** The small budget: minutes on 2 cores. */
    quick: { type: 'boolean', default: false },
    /** `quick`, `default`, or the path of a GGUF file. */
    model: { type: 'string', default: 'quick' },
    /** Only these tasks. */
    task: { type: 'string', multiple: true },
    /** Only these texts: `prose-0`, `2048-1`. */
    document: { type: 'string', multiple: true },
    /** Only these rows; `dense` is always measured. */
    policy: { type: 'string', multiple: true },
    /** More rows, `NAME=PATH` of a plan file. */
    plan: { type: 'string', multiple: true, default: [] },
    /** `reporting`, `tuning`, or the path of an EPUB or text. */
    book: { type: 'string', default: 'reporting' },
    /** Folder of the two novels. */
    books: { type: 'string', default: '../shared/data/books' },
    /** Folder for results, table and curve. */
    out: { type: 'string', default: 'test/output/eval' },
    /** Makes table and curve of what is there, and measures nothing. */
    report: { type: 'boolean', default: false },
    /** Asks in conversations, as a person does, in place of measuring: see `eval/talks`. */
    talk: { type: 'boolean', default: false },
    /** Texts that are measured side by side, each in a process of its own. */
    processes: { type: 'string', default: String(defaultThreads()) },
    /** Measures and makes no table: one of several processes, which tells the one that started it how far it is. */
    part: { type: 'boolean', default: false },
    /** Writes what the settings of the app tell of this model. */
    publish: { type: 'boolean', default: false },
  },
});

const stop = new AbortController();
process.once('SIGINT', () => {
  if (!options.part) {
    console.error(
      '\nStopping. Results so far are kept; the same command goes on from here. Ctrl+C again quits at once.',
    );
  }
  stop.abort();
});
if (options.part) process.once('disconnect', () => stop.abort());

if (options.talk) {
  if (!isEvalModelName(options.model)) throw new Error(`--talk takes --model quick or default, not ${options.model}`);
  const { model: modelName, policy: policies, books: booksFolder, out: outFolder, report: isReportOnly } = options;
  process.exit(await talks({ modelName, policies, booksFolder, outFolder, isReportOnly, signal: stop.signal }));
}
if (options.publish && basename(bookPath(options.book)) === evalBooks.tuning) {
  throw new Error(`--publish takes another book than ${evalBooks.tuning}, which the plans are made from`);
}
const budgetName: BudgetName = options.quick ? 'quick' : 'whole';
const tasks = tasksOf(options.task);
const processes = wholeNumber('--processes', options.processes);
const model = await openEvalModel(options.model);
const opened = await openEvalPlans(model);
const adapters = [...opened.adapters];
const ownRows = evalRows(opened.plans);
const added = await Promise.all(options.plan.map(planRow));
const rows = [...ownRows, ...added];
const book = await bookTokens(bookPath(options.book), model.tokenizer);
const allUnits = await evalUnits(evalBudgets[budgetName], book, model.tokenizer);
const { document: documents } = options;
const units = allUnits.filter(
  ({ task, document }) => tasks.includes(task) && (!documents || documents.includes(document)),
);

const storePath = join(options.out, 'results.jsonl');
const line = progressLine(`${model.name} model, tokens`);
const runOf = (chosen: readonly EvalRow[]): Promise<EvalRun> =>
  EvalRun.open({
    model,
    adapters,
    rows: chosen,
    units,
    store: new ResultStore(storePath),
    threads: options.part ? Math.max(1, Math.floor(defaultThreads() / processes)) : defaultThreads(),
    signal: stop.signal,
    onProgress: (doneTokens, totalTokens) => {
      if (!options.part) return line(doneTokens, totalTokens);
      process.send?.({ doneTokens, totalTokens } satisfies ProgressMessage);
      return undefined;
    },
    onResult: ({ row, task, document, milliseconds }) =>
      console.error(`${row}, ${task} on ${document}: ${(milliseconds / 1000).toFixed(1)} s`),
  });

let isStopped = false;
if (!options.report) {
  try {
    await measure();
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    isStopped = true;
  }
}
if (options.part) process.exit(isStopped ? 130 : 0);
const results = (await runOf(rows)).results();
const fingerprint = await sampledModelDigest(model.gguf);
model.gguf.close();
if (results.length > 0) writeReport();
if (options.publish && !isStopped) publish();
process.exit(isStopped ? 130 : 0);

async function measure(): Promise<void> {
  const run = await runOf(chosenRows());
  if (options.part) return run.run();
  const shares = shareDocuments(run.missing(), processes);
  if (shares.length < 2) return run.run();
  await measureInProcesses({
    script: import.meta.filename,
    argumentLists: shares.map((share) => partArguments(share, shares.length)),
    signal: stop.signal,
    onProgress: line,
  });
}

/** For one of several processes, which measures these texts. */
function partArguments(share: readonly string[], count: number): string[] {
  const { quick, model: modelPath, book: bookName, books, out, task, policy, plan } = options;
  const many = (name: string, values: readonly string[] = []): string[] => values.flatMap((value) => [name, value]);
  return [
    ...[
      '--part',
      '--processes',
      String(count),
      '--model',
      modelPath,
      '--book',
      bookName,
      '--books',
      books,
      '--out',
      out,
    ],
    ...(quick ? ['--quick'] : []),
    ...many('--task', task),
    ...many('--policy', policy),
    ...many('--plan', plan),
    ...many('--document', share),
  ];
}

function writeReport(): void {
  const name = [model.name, budgetName, ...(options.book === 'reporting' ? [] : [basename(bookPath(options.book))])];
  const path = join(options.out, name.join('-'));
  const table = report(results, rows);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(`${path}.md`, table);
  writeFileSync(`${path}.svg`, curve(results, rows));
  console.log(table);
  console.error(`${path}.md and ${path}.svg`);
}

function publish(): void {
  const points = measuredPoints(results);
  const path = fidelityPath(model.name, fingerprint);
  writeFidelity(path, {
    made: { book: basename(bookPath(options.book)), budget: budgetName },
    model: { name: model.name, fingerprint },
    points,
  });
  console.error(`${path}: ${points.map(({ policy }) => policy).join(', ')}`);
}

function chosenRows(): EvalRow[] {
  const known = rows.map(({ name }) => name);
  const unknown = options.policy?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--policy is one of ${known.join(', ')}, not ${unknown}`);
  const isAdded = (row: EvalRow): boolean => added.includes(row);
  return rows.filter(
    (row, index) => index === 0 || !options.policy || options.policy.includes(row.name) || isAdded(row),
  );
}

async function planRow(text: string): Promise<EvalRow> {
  const [, name, path] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new Error(`--plan is NAME=PATH, not ${text}`);
  if (ownRows.some((row) => row.name === name)) throw new Error(`--plan: there is a row ${name} already`);
  const { plan, adapter } = await openPlanFile(path, model.gguf, model.model);
  if (adapter) adapters.push(adapter);
  return planFileRow(name, plan);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} is a whole number from 1 on, not ${text}`);
  return number;
}

function bookPath(text: string): string {
  return text === 'tuning' || text === 'reporting' ? join(options.books, evalBooks[text]) : text;
}

function tasksOf(texts: readonly string[] | undefined): readonly EvalTask[] {
  if (!texts) return evalTasks;
  return texts.map((text) => {
    const task = evalTasks.find((known) => known === text);
    if (!task) throw new Error(`--task is one of ${evalTasks.join(', ')}, not ${text}`);
    return task;
  });
}
