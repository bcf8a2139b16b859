import {
  type LossOverDense,
  type MeasuredPoint,
  type PolicyChoice,
  policyChoices,
} from '../../src/shared/domain/index.ts';
import { type Column, cacheShare } from './columns.ts';
import { lossOverDense } from './lossOverDense.ts';
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
  const read = loss(results, policy, { task: 'prose', group: 'read' });
  const written = loss(results, policy, { task: 'prose', group: 'written' });
  const copied = loss(results, policy, { task: 'copy' });
  if (!read || !written || !copied) return null;
  const copyTextTokens = Math.max(...copies.map(({ contextTokens }) => contextTokens));
  return { ...point, loss: { read, written, copied, copyTextTokens } };
}

/** For a file: what a row loses over dense. */
function loss(results: readonly EvalResult[], row: string, of: Pick<Column, 'task' | 'group'>): LossOverDense | null {
  const found = lossOverDense(results, row, of);
  return found && { nats: rounded(found.mean), low: rounded(found.low), high: rounded(found.high), items: found.items };
}

/** Four digits are more than an interval is sure of. */
const rounded = (value: number): number => Number(value.toPrecision(4));
