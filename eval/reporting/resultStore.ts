import { z } from 'zod';
import { KeyedLines } from './keyedLines.ts';

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

/** What was measured, one line for each row and text. */
export class ResultStore extends KeyedLines<EvalResult> {
  constructor(path: string) {
    super(path, resultSchema);
  }
}
