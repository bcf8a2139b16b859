import { InputError } from '#shared/errors/index.ts';
import { cheapestSharings } from './cheapestSharings.ts';
import type { PairFit, PairTable } from './pairTable.ts';
import { costOf, followersOf, type SharingSearch, sharingOf } from './planSearch.ts';

/** Shares of the distant keys for which `savingsLadder` looks for plans. */
const LADDER = [1 / 6, 1 / 4, 1 / 3, 5 / 12, 1 / 2, 7 / 12, 2 / 3, 3 / 4, 5 / 6];

/**
 * What it costs a KV head to follow: the mean error of its query heads, and what the worst of them loses
 * where something must be found again. One retrieval head is enough to lose it, and a mean hides it.
 */
const followCost = (fit: PairFit): number => costOf(fit.error) + LOOKUP_WEIGHT * fit.worstLookup;

const LOOKUP_WEIGHT = 2;

/**
 * Finds the blocks, and the heads in them that keep their keys, which drop the wanted share of distant keys at
 * the least cost. Few leaders with many heads kept drop as much as many leaders without; which is
 * better only the fits can tell.
 * @param saving share of the distant keys to drop at least, above 0 and below 1
 * @throws {InputError} `input/invalid` when no plan drops that much
 */
export function searchSaving(table: PairTable, saving: number): SharingSearch {
  if (!(saving > 0 && saving < 1)) {
    throw new InputError('input/invalid', `The saving is ${saving}; it must be above 0 and below 1.`, {
      advice: 'Give the share of distant keys to drop, such as 0.5 for half of them.',
    });
  }
  const sharings = sharingsOf(table);
  const found = sharings.dropping(saving);
  if (found) return found;
  throw new InputError(
    'input/invalid',
    `No plan drops ${percent(saving)} of the distant keys; the most that this model allows is ${percent(sharings.most)}.`,
    { advice: 'Ask for a smaller saving.' },
  );
}

/** The best plan of each step of saving that the model allows, the smallest saving first. */
export function savingsLadder(table: PairTable): SharingSearch[] {
  const found = LADDER.map(sharingsOf(table).dropping).filter((step) => step !== null);
  // In a model of few layers several steps come to the same plan.
  return found.filter((step, index) => step.keysDropped !== found[index - 1]?.keysDropped);
}

/** The sharings that cost least. */
interface Sharings {
  /** The one that drops at least a share of the distant keys; null when none does. */
  readonly dropping: (saving: number) => SharingSearch | null;
  /** The largest share that one drops. */
  readonly most: number;
}

function sharingsOf(table: PairTable): Sharings {
  const { layers, kvHeads } = table.shape;
  const cheapest = cheapestSharings(table, followCost);
  const dropping = (saving: number): SharingSearch | null => {
    // A hair less, so that a third of 18 is 6 in floating point, too.
    const found = cheapest[Math.ceil(saving * layers * kvHeads - 1e-9)];
    if (!found) return null;
    const { blocks, following } = found;
    const follows = new Set(following.map(({ layer, kvHead }) => `${layer}.${kvHead}`));
    const kept = followersOf(table, blocks).filter(({ layer, kvHead }) => !follows.has(`${layer}.${kvHead}`));
    return sharingOf(table, blocks, kept);
  };
  return { dropping, most: cheapest.findLastIndex((sharing) => sharing !== null) / (layers * kvHeads) };
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`;
