import {
  type LossOverDense,
  type MeasuredPoint,
  type PolicyChoice,
  policyChoices,
} from '../../src/shared/domain/index.ts';
import { EVAL_SEED } from '../config.ts';
import { bootstrapInterval } from '../scoring/bootstrapInterval.ts';
import { cacheShare } from './columns.ts';
import type { EvalResult } from './resultStore.ts';

/**
 * What the settings of the app tell of each policy: its rows on running text and on copies, held against dense item by
 * item. A policy of which either was not measured is left out.
 */
export function measuredPoints(results: readonly EvalResult[]): MeasuredPoint[] {
  return policyChoices.flatMap((policy) => pointOf(results, policy) ?? []);
}

function pointOf(results: readonly EvalResult[], policy: PolicyChoice): MeasuredPoint | null {
  const own = results.filter(({ row, task }) => row === policy && (task === 'prose' || task === 'copy'));
  const prose = own.filter(({ task }) => task === 'prose');
  const share = cacheShare(prose, policy);
  if (share === null) return null;
  const point = {
    policy,
    planId: prose[0]!.plan,
    day: own
      .map(({ date }) => date)
      .sort()
      .at(-1)!,
    textTokens: Math.max(...prose.map(({ contextTokens }) => contextTokens)),
    cacheShare: rounded(share),
  };
  if (policy === 'dense') return point;
  const copies = own.filter(({ task }) => task === 'copy');
  const dense = results.filter(({ row }) => row === 'dense');
  const read = lossOverDense(prose, dense, 'read');
  const written = lossOverDense(prose, dense, 'written');
  const copied = lossOverDense(copies, dense);
  if (!read || !written || !copied) return null;
  const copyTextTokens = Math.max(...copies.map(({ contextTokens }) => contextTokens));
  return { ...point, loss: { read, written, copied, copyTextTokens } };
}

/** Over items of a group, all of them where none is named. A result and that of dense on its document have the same items. */
function lossOverDense(own: readonly EvalResult[], dense: readonly EvalResult[], group?: string): LossOverDense | null {
  const differences = own.flatMap(({ task, document, items }) => {
    const other = dense.find((result) => result.task === task && result.document === document);
    if (!other) return [];
    return items.flatMap((item, index) =>
      group === undefined || item.group === group
        ? [item.values['lossNats']! - other.items[index]!.values['lossNats']!]
        : [],
    );
  });
  if (differences.length === 0) return null;
  const { mean, low, high, items } = bootstrapInterval(differences, EVAL_SEED);
  return { nats: rounded(mean), low: rounded(low), high: rounded(high), items };
}

/** Four digits are more than an interval is sure of. */
const rounded = (value: number): number => Number(value.toPrecision(4));
