import type { LayerBlock } from './groupLayers.ts';
import type { PairFit, PairTable } from './pairTable.ts';
import { type FollowerPlace, fitOf, followersOf } from './planSearch.ts';

/** Blocks of layers, and the KV heads in them that follow. */
export interface CheapestSharing {
  readonly blocks: readonly LayerBlock[];
  readonly following: readonly FollowerPlace[];
}

/**
 * For every number of KV heads that follow, the blocks and heads whose costs add up to least: leaders and the
 * heads that keep their keys are chosen together. Dynamic programming over layers and followers; exact, since within a
 * block the cheapest heads are the ones to follow.
 * @param cost of letting one KV head follow, 0 or more
 * @returns `[followers]`; null where blocks as long as they were fitted do not allow so many
 */
export function cheapestSharings(table: PairTable, cost: (fit: PairFit) => number): (CheapestSharing | null)[] {
  const { layers, kvHeads } = table.shape;
  const most = layers * kvHeads;
  // least[end][count]: cost of letting `count` KV heads of the layers below `end` follow.
  const least = Array.from({ length: layers + 1 }, () => new Float64Array(most + 1).fill(Infinity));
  const last = Array.from({ length: layers + 1 }, () =>
    Array.from({ length: most + 1 }, () => ({ leader: 0, count: 0 })),
  );
  least[0]![0] = 0;
  for (let leader = 0; leader < layers; leader += 1) {
    for (let end = leader + 1; end <= layers && isFitted(table, leader, end); end += 1) {
      const costs = Float64Array.from(rankedFollowers(table, { leader, end }, cost), (place) =>
        cost(fitOf(table, place)),
      );
      let blockCost = 0;
      for (let count = 0; count <= costs.length; count += 1) {
        if (count > 0) blockCost += costs[count - 1]!;
        for (let before = 0; before + count <= most; before += 1) {
          const total = least[leader]![before]! + blockCost;
          if (total >= least[end]![before + count]!) continue;
          least[end]![before + count] = total;
          last[end]![before + count] = { leader, count };
        }
      }
    }
  }
  return Array.from({ length: most + 1 }, (_, count) => (least[layers]![count]! < Infinity ? traceBack(count) : null));

  function traceBack(total: number): CheapestSharing {
    const blocks: LayerBlock[] = [];
    const following: FollowerPlace[] = [];
    let [end, left] = [layers, total];
    while (end > 0) {
      const { leader, count } = last[end]![left]!;
      const block = { leader, end };
      blocks.unshift(block);
      following.unshift(...rankedFollowers(table, block, cost).slice(0, count));
      [end, left] = [leader, left - count];
    }
    return { blocks, following };
  }
}

const isFitted = ({ fits }: PairTable, leader: number, end: number): boolean =>
  end === leader + 1 || fits[leader]![end - 1] !== null;

/** The KV heads of a block that may follow, the cheapest first. */
const rankedFollowers = (table: PairTable, block: LayerBlock, cost: (fit: PairFit) => number): FollowerPlace[] =>
  followersOf(table, [block]).sort((a, b) => cost(fitOf(table, a)) - cost(fitOf(table, b)));
