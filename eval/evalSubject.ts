import { type Adapter, openPlanFile } from '../src/engine/adapter/index.ts';
import { bookTokens } from './bookTokens.ts';
import { type EvalRow, evalBudgets, evalRows, planFileRow } from './config.ts';
import { type EvalModel, openEvalModel } from './evalModel.ts';
import type { EvalOptions } from './evalOptions.ts';
import { openEvalPlans } from './evalPlans.ts';
import { type EvalUnit, evalUnits } from './running/evalUnits.ts';

/** What is measured: a model, in the ways of keeping its cache that are rows of the tables, on these texts. */
export interface EvalSubject {
  readonly model: EvalModel;
  /** All that the plans of the rows name. */
  readonly adapters: readonly Adapter[];
  /** All rows of the model, and those of plan files that were given. */
  readonly rows: readonly EvalRow[];
  /** Those of `rows` that are asked for; the first, which the others are held against, always. */
  readonly chosenRows: readonly EvalRow[];
  readonly units: readonly EvalUnit[];
}

/**
 * Opens what the options name.
 * @throws {Error} one clear message for a row that there is not, {ReaderError} for a model, plan or book
 */
export async function openEvalSubject(options: EvalOptions): Promise<EvalSubject> {
  const model = await openEvalModel(options.model);
  const { plans, adapters } = await openEvalPlans(model);
  const ownRows = evalRows(plans);
  const added = await Promise.all(options.plans.map((text) => openPlanRow(text, model, ownRows)));
  const rows = [...ownRows, ...added.map(({ row }) => row)];
  const book = await bookTokens(options.book.path, model.tokenizer);
  const units = await evalUnits(evalBudgets[options.budget], book, model.tokenizer);
  return {
    ...{ model, rows, chosenRows: chosenOf(rows, ownRows, options.policies) },
    adapters: [...adapters, ...added.flatMap(({ adapter }) => adapter ?? [])],
    units: units.filter(
      ({ task, document }) =>
        options.tasks.includes(task) && (!options.documents || options.documents.includes(document)),
    ),
  };
}

/** @param text `NAME=PATH` */
async function openPlanRow(
  text: string,
  { gguf, model }: EvalModel,
  ownRows: readonly EvalRow[],
): Promise<{ readonly row: EvalRow; readonly adapter: Adapter | null }> {
  const [, name, path] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
  if (name === undefined || path === undefined) throw new Error(`--plan is NAME=PATH, not ${text}`);
  if (ownRows.some((row) => row.name === name)) throw new Error(`--plan: there is a row ${name} already`);
  const { plan, adapter } = await openPlanFile(path, gguf, model);
  return { row: planFileRow(name, plan), adapter };
}

function chosenOf(
  rows: readonly EvalRow[],
  ownRows: readonly EvalRow[],
  policies: readonly string[] | undefined,
): readonly EvalRow[] {
  const known = rows.map(({ name }) => name);
  const unknown = policies?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--policy is one of ${known.join(', ')}, not ${unknown}`);
  return rows.filter((row, place) => place === 0 || !policies || policies.includes(row.name) || !ownRows.includes(row));
}
