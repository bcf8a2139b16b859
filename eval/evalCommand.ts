import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressLine } from '../scripts/progressLine.ts';
import { sampledModelDigest } from '../src/engine/gguf/index.ts';
import { defaultThreads } from '../src/engine/runtime/threads.ts';
import type { EvalRow } from './config.ts';
import { isEvalModelName } from './evalModel.ts';
import { type EvalOptions, partArguments, readEvalOptions } from './evalOptions.ts';
import { type EvalSubject, openEvalSubject } from './evalSubject.ts';
import { curve } from './reporting/curve.ts';
import { measuredPoints } from './reporting/measuredPoints.ts';
import { report } from './reporting/report.ts';
import { type EvalResult, ResultStore } from './reporting/resultStore.ts';
import { fidelityPath, writeFidelity } from './reporting/writeFidelity.ts';
import { EvalRun } from './running/evalRun.ts';
import { measureInProcesses, type ProgressMessage } from './running/measureInProcesses.ts';
import { shareDocuments } from './running/shareDocuments.ts';
import { talks } from './talks/index.ts';

/**
 * The yardstick: policies x tasks x budgets through the shipped engine. Results are JSON lines, and a table and a
 * curve made of them. What is there already is not measured again; stopped at any time it goes on from there.
 *
 * @param script starts this command in a process of its own, so that texts are measured side by side
 * @returns the exit code: 130 when it was stopped
 * @throws {Error} one clear message for what cannot be, {ReaderError} for files
 */
export async function evalCommand(args: readonly string[], script: string): Promise<number> {
  const options = readEvalOptions(args);
  const signal = stopSignal(options);
  if (options.isTalk) {
    const { model: modelName } = options;
    if (!isEvalModelName(modelName)) throw new Error(`--talk takes --model quick or default, not ${modelName}`);
    return talks({ ...options, modelName, signal });
  }
  const subject = await openEvalSubject(options);
  const { gguf } = subject.model;
  try {
    const isStopped = !options.isReportOnly && (await isStoppedMeasuring(subject, options, script, signal));
    if (!options.isPart) await tellResults(subject, options, isStopped, signal);
    return isStopped ? 130 : 0;
  } finally {
    gguf.close();
  }
}

/** Aborts when a person stops the command, and when the process that started this part of it is gone. */
function stopSignal({ isPart }: EvalOptions): AbortSignal {
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
  return stop.signal;
}

type Progress = (doneTokens: number, totalTokens: number) => void | Promise<void>;

/** Measures what is missing. @returns whether it was stopped before the end */
async function isStoppedMeasuring(
  subject: EvalSubject,
  options: EvalOptions,
  script: string,
  signal: AbortSignal,
): Promise<boolean> {
  const line = progressLine(`${subject.model.name} model, tokens`);
  const run = await openRun(subject, options, subject.chosenRows, signal, options.isPart ? tellParent : line);
  const shares = options.isPart ? [] : shareDocuments(run.missing(), options.processes);
  try {
    if (shares.length < 2) await run.run();
    else {
      const argumentLists = shares.map((share) => partArguments(options, share, shares.length));
      await measureInProcesses({ script, argumentLists, signal, onProgress: line });
    }
    return false;
  } catch (error) {
    if (!signal.aborted) throw error;
    return true;
  }
}

function openRun(
  { model, adapters, units }: EvalSubject,
  { isPart, processes, outFolder }: EvalOptions,
  rows: readonly EvalRow[],
  signal: AbortSignal,
  onProgress?: Progress,
): Promise<EvalRun> {
  return EvalRun.open({
    ...{ model, adapters, rows, units, signal },
    threads: isPart ? Math.max(1, Math.floor(defaultThreads() / processes)) : defaultThreads(),
    store: new ResultStore(join(outFolder, 'results.jsonl')),
    ...(onProgress && { onProgress }),
    onResult: ({ row, task, document, milliseconds }) =>
      console.error(`${row}, ${task} on ${document}: ${(milliseconds / 1000).toFixed(1)} s`),
  });
}

const tellParent: Progress = (doneTokens, totalTokens) => {
  // One that is being stopped has nobody to tell.
  if (process.connected) process.send?.({ doneTokens, totalTokens } satisfies ProgressMessage, () => undefined);
};

/** Writes the table and the curve of all results of the model, and what the settings tell, where that is wished. */
async function tellResults(
  subject: EvalSubject,
  options: EvalOptions,
  isStopped: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { model, rows } = subject;
  const results = (await openRun(subject, options, rows, signal)).results();
  if (results.length > 0) writeReport(results, rows, model.name, options);
  if (options.isPublished && !isStopped) {
    publish(results, model.name, await sampledModelDigest(model.gguf), options);
  }
}

function writeReport(
  results: readonly EvalResult[],
  rows: readonly EvalRow[],
  modelName: string,
  { budget, book: { name, fileName }, outFolder }: EvalOptions,
): void {
  const path = join(outFolder, [modelName, budget, ...(name === 'reporting' ? [] : [fileName])].join('-'));
  const table = report(results, rows);
  mkdirSync(outFolder, { recursive: true });
  writeFileSync(`${path}.md`, table);
  writeFileSync(`${path}.svg`, curve(results, rows));
  console.log(table);
  console.error(`${path}.md and ${path}.svg`);
}

function publish(
  results: readonly EvalResult[],
  modelName: string,
  fingerprint: string,
  { budget, book }: EvalOptions,
): void {
  const points = measuredPoints(results);
  const path = fidelityPath(modelName, fingerprint);
  writeFidelity(path, { made: { book: book.fileName, budget }, model: { name: modelName, fingerprint }, points });
  console.error(`${path}: ${points.map(({ policy }) => policy).join(', ')}`);
}
