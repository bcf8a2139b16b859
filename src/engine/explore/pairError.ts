import type { FollowerHead } from './fitMix.ts';
import { type ByKind, byKind, type LogitSample } from './logitSample.ts';
import { mergeAttention, mixedLogits, ownLogits } from './mergedAttention.ts';

/**
 * The share of a head's attention that sharing puts on other keys: total variation between
 * the merged attention with own and with mixed logits, mean over the queries of each kind, 0 to 1. A head that hardly
 * looks at distant tokens costs nothing, however badly the shapes fit; measuring shapes alone
 * (Jensen-Shannon of the distant part) chose plans of twice the perplexity.
 * @param mix `[heads + 1]`
 */
export function pairError(sample: LogitSample, pair: FollowerHead, mix: ArrayLike<number>): ByKind {
  const { heads } = sample.shape;
  const most = sample.queries.reduce((rows, query) => Math.max(rows, query.rows), 0);
  const logits = new Float64Array(most);
  const target = new Float64Array(most);
  const predicted = new Float64Array(most);
  const sums = { prose: 0, copy: 0, retrieval: 0 };
  const counts = { prose: 0, copy: 0, retrieval: 0 };
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
  return byKind((kind) => mean(sums[kind], counts[kind]));
}

const mean = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);
