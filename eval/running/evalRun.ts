import { createHash } from 'node:crypto';
import type { Adapter } from '../../src/engine/adapter/index.ts';
import { planDigest } from '../../src/engine/cache/files/index.ts';
import { sampledModelDigest } from '../../src/engine/gguf/index.ts';
import { ChatTemplate } from '../../src/engine/tokenizer/index.ts';
import type { CachePlan, CacheReport } from '../../src/shared/domain/index.ts';
import type { EvalRow } from '../config.ts';
import type { EvalModel } from '../evalModel.ts';
import type { EvalResult, ResultItem, ResultStore } from '../reporting/resultStore.ts';
import { askText } from './askText.ts';
import type { EvalUnit, QuestionUnit, TextUnit } from './evalUnits.ts';
import { measureText } from './measureText.ts';
import { RowDecoders } from './rowDecoders.ts';

export interface EvalRunOptions {
  readonly model: EvalModel;
  /** Those that the plans of the rows name. */
  readonly adapters: readonly Adapter[];
  readonly rows: readonly EvalRow[];
  readonly units: readonly EvalUnit[];
  readonly store: ResultStore;
  /** Of each decoder. @default one for each core */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal;
  /** Told as work goes on; tokens are those that results still missing at the start take. */
  readonly onProgress?: (doneTokens: number, totalTokens: number) => void | Promise<void>;
  readonly onResult?: (result: EvalResult) => void;
}

/** One row on one unit. */
interface Work {
  readonly row: EvalRow;
  readonly plan: CachePlan;
  readonly unit: EvalUnit;
  readonly key: string;
}

/** What scoring gives of a result. */
type Scored = Pick<EvalResult, 'items' | 'milliseconds'> & { readonly cache: CacheReport };

/**
 * Measures what is not in the store yet, and puts it there one by one. Stopped at any time it goes on from there.
 */
export class EvalRun {
  readonly #options: EvalRunOptions;
  readonly #works: readonly Work[];
  readonly #decoders: RowDecoders;
  readonly #template: ChatTemplate;
  #doneTokens = 0;
  readonly #totalTokens: number;

  private constructor(options: EvalRunOptions, modelDigest: string) {
    this.#options = options;
    this.#decoders = new RowDecoders(options.model, options.adapters, options.threads);
    this.#template = new ChatTemplate(options.model.tokenizer.vocabulary);
    this.#works = options.units.flatMap((unit) =>
      options.rows.map((row) => {
        const plan = row.plan(options.model.model, unit.contextTokens);
        return { row, plan, unit, key: resultKey(modelDigest, plan, unit) };
      }),
    );
    this.#totalTokens = this.#works.reduce((sum, work) => sum + (this.#isDone(work) ? 0 : work.unit.workTokens), 0);
  }

  static async open(options: EvalRunOptions): Promise<EvalRun> {
    return new EvalRun(options, await sampledModelDigest(options.model.gguf));
  }

  /** Results of all rows and units of this run that are in the store. */
  results(): EvalResult[] {
    return this.#works.flatMap(({ key, row }) => {
      const result = this.#options.store.get(key);
      // A row may have been measured under another name.
      return result ? [{ ...result, row: row.name }] : [];
    });
  }

  /** Units of which results are missing. */
  missing(): EvalUnit[] {
    return this.#options.units.filter((unit) => this.#works.some((work) => work.unit === unit && !this.#isDone(work)));
  }

  /** @throws whatever the signal aborts with; what was measured until then is in the store */
  async run(): Promise<void> {
    const documents = Map.groupBy(this.#works, ({ unit }) => unit.document);
    try {
      for (const works of documents.values()) {
        const missing = works.filter((work) => !this.#isDone(work));
        if (missing.length === 0) continue;
        await this.#decoders.keepOnly(works.map(({ plan }) => plan));
        await this.#measureTexts(missing);
        for (const row of this.#options.rows) {
          for (const work of missing) if (work.row === row) await this.#ask(work);
        }
      }
    } finally {
      await this.#decoders.keepOnly([]);
    }
  }

  #isDone({ key }: Work): boolean {
    return this.#options.store.get(key) !== undefined;
  }

  /** Rows side by side, beside dense, because they are compared with it token by token. */
  async #measureTexts(missing: readonly Work[]): Promise<void> {
    const { signal, rows, model } = this.#options;
    for (const [unit, works] of Map.groupBy(missing, (work) => work.unit)) {
      if (unit.kind !== 'text') continue;
      const dense = rows[0]!.plan(model.model, unit.contextTokens);
      const sideBySide = [dense, ...works.filter(({ row }) => row !== rows[0]).map(({ plan }) => plan)];
      const decoders = [];
      for (const plan of sideBySide) decoders.push(await this.#decoders.decoder(plan, signal));
      const from = this.#doneTokens;
      const work = unit.workTokens * works.length;
      const measured = await measureText(
        decoders,
        unit.ids,
        unit.items.map(({ span }) => span),
        {
          written: unit.written,
          ...(signal && { signal }),
          onProgress: (done, total) => this.#progress(from + (work * done) / total),
        },
      );
      for (const done of works) {
        const { scores, cache, readingMs } = measured[done.row === rows[0] ? 0 : sideBySide.indexOf(done.plan)]!;
        const items = unit.items.map(({ group, span }): ResultItem => {
          const found = Array.from({ length: span[1] - span[0] }, (_, at) => scores.get(span[0] + at)!);
          return { group, values: textValues(found) };
        });
        this.#add(done, { items, cache, milliseconds: readingMs });
      }
    }
  }

  async #ask(work: Work): Promise<void> {
    const { unit } = work;
    if (unit.kind === 'text') return;
    const { model, signal } = this.#options;
    const reader = await this.#decoders.reader(work.plan, signal);
    const from = this.#doneTokens;
    const started = performance.now();
    const items: ResultItem[] = [];
    let cache: CacheReport | null = null;
    for (const [index, conversation] of unit.conversations.entries()) {
      const asked = await askText(reader, unit.text, conversation, {
        tokenizer: model.tokenizer,
        template: this.#template,
        writtenTokens: unit.writtenTokens,
        signal,
      });
      cache = asked.cache;
      for (const [turn, scores] of asked.scores.entries()) {
        const { depth } = conversation[turn]!;
        for (const score of scores) {
          items.push({ group: unit.task, ...(depth !== null && { depth }), values: { ...score } });
        }
      }
      await this.#progress(from + (unit.workTokens * (index + 1)) / unit.conversations.length);
    }
    this.#add(work, { items, cache: cache!, milliseconds: performance.now() - started });
  }

  #add({ key, row, plan, unit }: Work, { items, cache, milliseconds }: Scored): void {
    const result: EvalResult = {
      key,
      date: new Date().toISOString().slice(0, 10),
      model: this.#options.model.name,
      row: row.name,
      plan: plan.id,
      task: unit.task,
      document: unit.document,
      contextTokens: unit.contextTokens,
      cacheBytes: cache.cacheBytes,
      snapshotBytes: cache.snapshotBytes,
      denseFp16Bytes: cache.denseFp16Bytes,
      milliseconds: Math.round(milliseconds),
      items: items.map(rounded),
    };
    this.#options.store.add(result);
    this.#options.onResult?.(result);
  }

  async #progress(doneTokens: number): Promise<void> {
    this.#doneTokens = doneTokens;
    await this.#options.onProgress?.(Math.round(doneTokens), this.#totalTokens);
  }
}

/** Names a result by all that it depends on: the text and what is asked, the model file, and the plan. */
export function resultKey(modelDigest: string, plan: CachePlan, unit: TextUnit | QuestionUnit): string {
  return createHash('sha256')
    .update(JSON.stringify([unit.digest, modelDigest, planDigest(plan, 'cpu')]))
    .digest('hex')
    .slice(0, 24);
}

function textValues(
  scores: readonly { readonly lossNats: number; readonly divergenceNats: number; readonly agrees: boolean }[],
): ResultItem['values'] {
  const mean = (of: (score: (typeof scores)[number]) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return {
    lossNats: mean(({ lossNats }) => lossNats),
    divergenceNats: mean(({ divergenceNats }) => divergenceNats),
    agreement: mean(({ agrees }) => Number(agrees)),
  };
}

/** Six digits are more than any of this is sure of, and keep lines short. */
const rounded = (item: ResultItem): ResultItem => ({
  ...item,
  ...(item.depth !== undefined && { depth: Number(item.depth.toPrecision(3)) }),
  values: Object.fromEntries(Object.entries(item.values).map(([name, value]) => [name, Number(value.toPrecision(6))])),
});
