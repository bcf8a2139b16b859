import { EVAL_SEED } from '../config.ts';
import { bootstrapInterval, type MeanInterval } from '../scoring/bootstrapInterval.ts';
import type { EvalResult } from './resultStore.ts';

/** One figure of each row: a value of the items of a task. */
export interface Column {
  readonly title: string;
  readonly task: string;
  /** Only items of this group. @default all */
  readonly group?: string;
  /** Of the items' values. */
  readonly value: string;
  readonly better: 'lower' | 'higher';
  readonly format: 'perplexity' | 'nats' | 'percent';
  /** Whether it compares with dense, so that dense's own says nothing. */
  readonly isToDense?: true;
}

const nats = { value: 'lossNats', better: 'lower', format: 'nats' } as const;
const percent = { better: 'higher', format: 'percent' } as const;

/** Running text, against what came and against dense. */
export const textColumns: readonly Column[] = [
  { title: 'perplexity, read', task: 'prose', group: 'read', ...nats, format: 'perplexity' },
  { title: 'written', task: 'prose', group: 'written', ...nats, format: 'perplexity' },
  { title: 'KL to dense', task: 'prose', value: 'divergenceNats', better: 'lower', format: 'nats', isToDense: true },
  { title: 'same first choice', task: 'prose', value: 'agreement', ...percent, isToDense: true },
  { title: 'copy, near', task: 'copy', group: 'near', ...nats },
  { title: 'copy, far', task: 'copy', group: 'far', ...nats },
];

const retrieval = [
  ['needle', 'needle'],
  ['multi-key', 'multiKey'],
  ['multi-value', 'multiValue'],
  ['variables', 'variables'],
  ['aggregation', 'aggregation'],
  ['conversation', 'conversation'],
] as const;

/** Facts in a text: how often the right word is likelier than all wrong ones, and its loss. */
export const likeliestColumns: readonly Column[] = retrieval.map(([title, task]) => ({
  title,
  task,
  value: 'isLikeliest',
  ...percent,
}));
export const retrievalLossColumns: readonly Column[] = retrieval.map(([title, task]) => ({ title, task, ...nats }));

/** Questions whose answers stand in the text. */
export const answerColumns: readonly Column[] = (['qa', 'guide'] as const).flatMap((task): Column[] => [
  { title: `${task}: loss`, task, ...nats },
  { title: 'first choice', task, value: 'isFirstChoice', ...percent },
  { title: 'exact match', task, value: 'exactMatch', ...percent },
  { title: 'F1', task, value: 'tokenF1', ...percent },
  { title: 'right passage', task, value: 'isRightPart', ...percent },
]);

/** The figure of one row with its 95 % interval over items; null where nothing was measured. */
export function columnFigure(
  results: readonly EvalResult[],
  row: string,
  { task, group, value }: Column,
): MeanInterval | null {
  const items = results
    .filter((result) => result.row === row && result.task === task)
    .flatMap((result) => result.items)
    .filter((item) => group === undefined || item.group === group)
    .flatMap((item) => item.values[value] ?? []);
  return items.length === 0 ? null : bootstrapInterval(items, EVAL_SEED);
}

/** Fewer items have no interval worth the name. */
export const LEAST_ITEMS = 4;

/** Whether a figure is worse than all of dense's interval. */
export const isBelow = ({ better, isToDense }: Column, { mean }: MeanInterval, dense: MeanInterval): boolean =>
  !isToDense && dense.items >= LEAST_ITEMS && (better === 'lower' ? mean > dense.high : mean < dense.low);

/** Bytes of a row's cache beside a dense one in float16, mean over texts of running text, else of questions less what sharing takes. */
export function cacheShare(results: readonly EvalResult[], row: string): number | null {
  const own = results.filter((result) => result.row === row);
  const texts = own.filter(({ task }) => task === 'prose' || task === 'copy');
  const counted = texts.length > 0 ? texts : own;
  if (counted.length === 0) return null;
  const shares = counted.map(
    ({ cacheBytes, snapshotBytes, denseFp16Bytes }) => (cacheBytes - snapshotBytes) / denseFp16Bytes,
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
