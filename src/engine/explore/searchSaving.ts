import { InputError } from '#shared/errors/index.ts';
import type { PairTable } from './pairTable.ts';
import { costOf, type PlanSearchOptions, type SharingSearch, searchPlan } from './planSearch.ts';

export interface SavingOptions extends Omit<PlanSearchOptions, 'leaders' | 'protectedHeads'> {
  /** Share of the distant keys to drop at least, above 0 and below 1. */
  readonly saving: number;
  /** Follower KV heads that keep their own keys. @default as many as cost least */
  readonly protectedHeads?: number | undefined;
}

/** Shares of the distant keys for which `savingsLadder` looks for plans. */
const LADDER = [1 / 6, 1 / 4, 1 / 3, 5 / 12, 1 / 2, 7 / 12, 2 / 3, 3 / 4, 5 / 6];

/**
 * Finds the number of leaders, and of protected heads, that drops the wanted share of distant keys at the
 * least error. Fewer leaders with more protected heads drop as much as more leaders without: which
 * is better only the fits can tell.
 * @throws {InputError} `input/invalid` when no plan drops that much
 */
export function searchSaving(table: PairTable, options: SavingOptions): SharingSearch {
  const { saving } = options;
  if (!(saving > 0 && saving < 1)) {
    throw new InputError('input/invalid', `The saving is ${saving}; it must be above 0 and below 1.`, {
      advice: 'Give the share of distant keys to drop, such as 0.5 for half of them.',
    });
  }
  const found = bestFor(table, options);
  if (found) return found;
  throw new InputError(
    'input/invalid',
    `No plan drops ${percent(saving)} of the distant keys; the most that this model allows is ${percent(mostDropped(table))}.`,
    { advice: 'Ask for a smaller saving, or for fewer protected heads.' },
  );
}

/** The best plan of each step of saving that the model allows, the smallest saving first. */
export function savingsLadder(table: PairTable, options: Omit<SavingOptions, 'saving'> = {}): SharingSearch[] {
  const found = LADDER.map((saving) => bestFor(table, { ...options, saving })).filter((step) => step !== null);
  // In a model of few layers several steps come to the same plan.
  return found.filter((step, index) => step.keysDropped !== found[index - 1]?.keysDropped);
}

function bestFor(table: PairTable, { saving, protectedHeads, ...search }: SavingOptions): SharingSearch | null {
  const { layers, kvHeads } = table.shape;
  // A hair less, so that a third of 18 is 6 in floating point, too.
  const wanted = Math.ceil(saving * layers * kvHeads - 1e-9);
  let best: SharingSearch | null = null;
  for (let leaders = fewestLeaders(table); leaders < layers; leaders += 1) {
    const followers = (layers - leaders) * kvHeads;
    const spared = protectedHeads ?? followers - wanted;
    if (spared < 0 || followers - spared < wanted) break;
    const found = searchPlan(table, { ...search, leaders, protectedHeads: spared });
    if (!best || costOf(found.error, search.kindWeights) < costOf(best.error, search.kindWeights)) best = found;
  }
  return best;
}

function mostDropped(table: PairTable): number {
  return (table.shape.layers - fewestLeaders(table)) / table.shape.layers;
}

/** Blocks as long as they were fitted need the fewest leaders. */
function fewestLeaders({ shape, fits }: PairTable): number {
  const longest = 1 + Math.max(0, ...fits.map((row) => row.filter((pair) => pair !== null).length));
  return Math.ceil(shape.layers / longest);
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`;
