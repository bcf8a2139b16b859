/**
 * Damps the weight of first places: the constant of Cormack, Clarke and Büttcher, "Reciprocal
 * rank fusion outperforms Condorcet and individual rank learning methods" (SIGIR 2009).
 */
const RANK_CONSTANT = 60;

/** One way of ordering the same things, the best first. */
export interface Ranking<Key> {
  readonly keys: readonly Key[];
  /** @default 1 */
  readonly weight?: number;
}

/**
 * Joins rankings whose scores cannot be compared (words, first mentions, later embeddings)
 * by their ranks alone.
 *
 * @returns every key with its fused score, the best first.
 */
export function fuseRankings<Key>(rankings: readonly Ranking<Key>[]): { readonly key: Key; readonly score: number }[] {
  const scores = new Map<Key, number>();
  for (const { keys, weight = 1 } of rankings) {
    keys.forEach((key, rank) => scores.set(key, (scores.get(key) ?? 0) + weight / (RANK_CONSTANT + rank + 1)));
  }
  return [...scores].map(([key, score]) => ({ key, score })).sort((one, other) => other.score - one.score);
}
