import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const itemSchema = z.object({
  /** What the item is of: a column of the report reads one group. */
  group: z.string(),
  /** 0 to 1: where in the text the answer stands. */
  depth: z.number().optional(),
  values: z.record(z.string(), z.number()),
});
const resultSchema = z.object({
  /** Digest of task, text, settings, model and plan. */
  key: z.string(),
  date: z.string(),
  model: z.string(),
  row: z.string(),
  plan: z.string(),
  task: z.string(),
  document: z.string(),
  contextTokens: z.number(),
  cacheBytes: z.number(),
  /** Of `cacheBytes`: copies that let several questions share what was read. */
  snapshotBytes: z.number(),
  denseFp16Bytes: z.number(),
  milliseconds: z.number(),
  items: z.array(itemSchema),
});

/** One thing that was scored: a block of text, a passage, a question. */
export type ResultItem = z.infer<typeof itemSchema>;

/** What one row made of one text of a task. */
export type EvalResult = z.infer<typeof resultSchema>;

/**
 * Results as JSON lines. Each is written as soon as it is there, so that a run can be killed at any time; a last line
 * that was cut is passed over.
 */
export class ResultStore {
  readonly #path: string;
  readonly #results = new Map<string, EvalResult>();

  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const result = parsed(line);
      if (result) this.#results.set(result.key, result);
    }
  }

  get(key: string): EvalResult | undefined {
    return this.#results.get(key);
  }

  add(result: EvalResult): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const isCut = existsSync(this.#path) && !/(?:^|\n)$/u.test(readFileSync(this.#path, 'utf8'));
    appendFileSync(this.#path, `${isCut ? '\n' : ''}${JSON.stringify(result)}\n`);
    this.#results.set(result.key, result);
  }
}

function parsed(line: string): EvalResult | null {
  try {
    return resultSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
