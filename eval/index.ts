import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressLine } from '../scripts/progressLine.ts';
import { openPlanFile } from '../src/engine/adapter/index.ts';
import { sampledModelDigest } from '../src/engine/gguf/index.ts';
import { defaultThreads } from '../src/engine/runtime/threads.ts';
import { bookTokens } from './bookTokens.ts';
import { type EvalRow, evalBudgets, evalRows, planFileRow } from './config.ts';
import { isEvalModelName, openEvalModel } from './evalModel.ts';
import { partArguments, readEvalOptions } from './evalOptions.ts';
import { openEvalPlans } from './evalPlans.ts';
import { curve } from './reporting/curve.ts';
import { measuredPoints } from './reporting/measuredPoints.ts';
import { report } from './reporting/report.ts';
import { ResultStore } from './reporting/resultStore.ts';
import { fidelityPath, writeFidelity } from './reporting/writeFidelity.ts';
import { EvalRun } from './running/evalRun.ts';
import { evalUnits } from './running/evalUnits.ts';
import { measureInProcesses, type ProgressMessage } from './running/measureInProcesses.ts';
import { shareDocuments } from './running/shareDocuments.ts';
import { talks } from './talks/index.ts';

/**
 * The yardstick: policies x tasks x budgets through the shipped engine. Results are JSON lines, and a table and a
 * curve made of them. What is there already is not measured again; stopped at any time it goes on from there.
 */
const options = readEvalOptions(process.argv.slice(2));
const { budget, documents, isPart, isPublished, outFolder } = options;

const stop = new AbortController();
process.once('SIGINT', () => {
  const words = 'Stopping. Results so far are kept; the same command goes on from here. Ctrl+C again quits at once.';
  if (!isPart) console.error(`\n${words}`);
  stop.abort();
});
if (isPart) {
  process.once('disconnect', () => stop.abort());
  if (!process.connected) stop.abort();
}

if (options.isTalk) {
  const { model: modelName, policies, booksFolder, isReportOnly } = options;
  if (!isEvalModelName(modelName)) throw new Error(`--talk takes --model quick or default, not ${modelName}`);
  process.exit(
    await talks({ modelName, policies, documents, booksFolder, outFolder, isReportOnly, signal: stop.signal }),
  );
}
const model = await openEvalModel(options.model);
const opened = await openEvalPlans(model);
const adapters = [...opened.adapters];
const ownRows = evalRows(opened.plans);
const added = await Promise.all(options.plans.map(planRow));
const rows = [...ownRows, ...added];
const book = await bookTokens(options.book.path, model.tokenizer);
const allUnits = await evalUnits(evalBudgets[budget], book, model.tokenizer);
const units = allUnits.filter(
  ({ task, document }) => options.tasks.includes(task) && (!documents || documents.includes(document)),
);

const threads = isPart ? Math.max(1, Math.floor(defaultThreads() / options.processes)) : defaultThreads();
const line = progressLine(`${model.name} model, tokens`);
const runOf = (chosen: readonly EvalRow[]): Promise<EvalRun> =>
  EvalRun.open({
    ...{ model, adapters, rows: chosen, units, threads, signal: stop.signal },
    store: new ResultStore(join(outFolder, 'results.jsonl')),
    onProgress: (doneTokens, totalTokens) => {
      if (!isPart) return line(doneTokens, totalTokens);
      // One that is being stopped has nobody to tell.
      if (process.connected) process.send?.({ doneTokens, totalTokens } satisfies ProgressMessage, () => undefined);
      return undefined;
    },
    onResult: ({ row, task, document, milliseconds }) =>
      console.error(`${row}, ${task} on ${document}: ${(milliseconds / 1000).toFixed(1)} s`),
  });

let isStopped = false;
if (!options.isReportOnly) {
  try {
    await measure();
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    isStopped = true;
  }
}
if (isPart) process.exit(isStopped ? 130 : 0);
const results = (await runOf(rows)).results();
const fingerprint = await sampledModelDigest(model.gguf);
model.gguf.close();
if (results.length > 0) writeReport();
if (isPublished && !isStopped) publish();
process.exit(isStopped ? 130 : 0);

async function measure(): Promise<void> {
  const run = await runOf(chosenRows());
  if (isPart) return run.run();
  const shares = shareDocuments(run.missing(), options.processes);
  if (shares.length < 2) return run.run();
  await measureInProcesses({
    script: import.meta.filename,
    argumentLists: shares.map((share) => partArguments(options, share, shares.length)),
    signal: stop.signal,
    onProgress: line,
  });
}

function writeReport(): void {
  const { name, fileName } = options.book;
  const path = join(outFolder, [model.name, budget, ...(name === 'reporting' ? [] : [fileName])].join('-'));
  const table = report(results, rows);
  mkdirSync(outFolder, { recursive: true });
  writeFileSync(`${path}.md`, table);
  writeFileSync(`${path}.svg`, curve(results, rows));
  console.log(table);
  console.error(`${path}.md and ${path}.svg`);
}

function publish(): void {
  const points = measuredPoints(results);
  const path = fidelityPath(model.name, fingerprint);
  const made = { book: options.book.fileName, budget };
  writeFidelity(path, { made, model: { name: model.name, fingerprint }, points });
  console.error(`${path}: ${points.map(({ policy }) => policy).join(', ')}`);
}

function chosenRows(): EvalRow[] {
  const { policies } = options;
  const known = rows.map(({ name }) => name);
  const unknown = policies?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--policy is one of ${known.join(', ')}, not ${unknown}`);
  return rows.filter((row, index) => index === 0 || !policies || policies.includes(row.name) || added.includes(row));
}

async function planRow(text: string): Promise<EvalRow> {
  const [, name, path] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new Error(`--plan is NAME=PATH, not ${text}`);
  if (ownRows.some((row) => row.name === name)) throw new Error(`--plan: there is a row ${name} already`);
  const { plan, adapter } = await openPlanFile(path, model.gguf, model.model);
  if (adapter) adapters.push(adapter);
  return planFileRow(name, plan);
}
