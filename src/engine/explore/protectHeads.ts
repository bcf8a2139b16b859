/** One KV head of one layer. */
export interface KvHeadPlace {
  readonly layer: number;
  readonly kvHead: number;
}

/**
 * Picks the followers that keep their own keys: those whose following would cost most.
 * Retrieval heads are few and prose hardly uses them, so the cost to rank by is the error on
 * queries that copy or answer. Ties go to the lower layer, so that a plan can be made again.
 * @param cost `[followers]`, in the order of `followers`
 */
export function protectHeads(followers: readonly KvHeadPlace[], cost: readonly number[], count: number): KvHeadPlace[] {
  return followers
    .map((place, index) => ({ place, cost: cost[index]! }))
    .sort((a, b) => b.cost - a.cost || a.place.layer - b.place.layer || a.place.kvHead - b.place.kvHead)
    .slice(0, count)
    .map(({ place }) => place);
}
