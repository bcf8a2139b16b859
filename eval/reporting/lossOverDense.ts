import { EVAL_SEED } from '../config.ts';
import { bootstrapInterval, type MeanInterval } from '../scoring/bootstrapInterval.ts';
import type { Column } from './columns.ts';
import type { EvalResult } from './resultStore.ts';

/**
 * What a row loses over dense on the same items, in nats, with the 95 % interval of the difference: items differ from
 * each other far more than two rows do on one of them, so pairs tell rows apart that lie within each other's intervals.
 * @returns null where the two have no text in common
 */
export function lossOverDense(
  results: readonly EvalResult[],
  row: string,
  { task, group }: Pick<Column, 'task' | 'group'>,
): MeanInterval | null {
  const of = (name: string): readonly EvalResult[] =>
    results.filter((result) => result.row === name && result.task === task);
  const dense = of('dense');
  const differences = of(row).flatMap(({ document, items }) => {
    const other = dense.find((result) => result.document === document);
    if (!other) return [];
    // A result and that of dense on its document have the same items.
    return items.flatMap((item, index) =>
      group === undefined || item.group === group
        ? [item.values['lossNats']! - other.items[index]!.values['lossNats']!]
        : [],
    );
  });
  return differences.length === 0 ? null : bootstrapInterval(differences, EVAL_SEED);
}
