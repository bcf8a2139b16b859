import type { FollowerHead } from './fitMix.ts';
import type { LogitSample, QueryKind } from './logitSample.ts';
import { mergeAttention, mixedLogits, ownLogits } from './mergedAttention.ts';

/** How far the attention of a head moves when it follows, 0 to 1, by the kind of query. */
export interface PairError {
  readonly prose: number;
  readonly copy: number;
}

/**
 * The share of a head's attention that sharing puts on other keys: total variation between
 * the merged attention with own and with mixed logits, mean over queries. A head that hardly
 * looks at distant tokens costs nothing, however badly the shapes fit; measuring shapes alone
 * (Jensen-Shannon of the distant part) chose plans of twice the perplexity.
 * @param mix `[heads + 1]`
 */
export function pairError(sample: LogitSample, pair: FollowerHead, mix: ArrayLike<number>): PairError {
  const { heads } = sample.shape;
  const most = sample.queries.reduce((rows, query) => Math.max(rows, query.rows), 0);
  const logits = new Float64Array(most);
  const target = new Float64Array(most);
  const predicted = new Float64Array(most);
  const sums: Record<QueryKind, number> = { prose: 0, copy: 0 };
  const counts: Record<QueryKind, number> = { prose: 0, copy: 0 };
  for (const [index, query] of sample.queries.entries()) {
    const near = sample.nearLogSumExp[pair.follower]![index * heads + pair.head]!;
    ownLogits(sample, query, pair.follower, pair.head, logits);
    const nearTarget = mergeAttention(logits, near, sample.rowWeights, query, target);
    mixedLogits(sample, query, pair.leader, mix, logits);
    const nearPredicted = mergeAttention(logits, near, sample.rowWeights, query, predicted);
    let moved = Math.abs(nearTarget - nearPredicted);
    for (let row = 0; row < query.rows; row += 1) moved += Math.abs(target[row]! - predicted[row]!);
    sums[query.kind] += moved / 2;
    counts[query.kind] += 1;
  }
  return { prose: mean(sums.prose, counts.prose), copy: mean(sums.copy, counts.copy) };
}

const mean = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);
