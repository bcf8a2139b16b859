/** A passage that may be read. */
export interface Candidate {
  /** Its place among all passages of the scope, counted in reading order. */
  readonly ordinal: number;
  readonly section: number;
  readonly tokens: number;
}

/** Share of the budget for the best passages; the rest goes to their neighbours. */
const BEST_SHARE = 0.75;
/** One section may not fill more of the budget than this while others have something to say. */
const SECTION_SHARE = 0.5;

/**
 * Picks passages under a budget: the best of several sections first, then what follows each
 * of the best, so that a story does not stop in the middle; what is left goes to the next best.
 *
 * @param ranked The best first.
 * @param all Every passage of the scope by ordinal, for neighbours.
 * @returns the picked ordinals in reading order; empty when not even the best fits.
 */
export function pickPassages(
  ranked: readonly Candidate[],
  all: (ordinal: number) => Candidate | undefined,
  budgetTokens: number,
): number[] {
  const picked = new Set<number>();
  const bySection = new Map<number, number>();
  let used = 0;
  const take = (candidate: Candidate | undefined, limit: number, sectionLimit: number): void => {
    if (!candidate || picked.has(candidate.ordinal) || used + candidate.tokens > limit) return;
    const ofSection = (bySection.get(candidate.section) ?? 0) + candidate.tokens;
    if (ofSection > sectionLimit) return;
    picked.add(candidate.ordinal);
    bySection.set(candidate.section, ofSection);
    used += candidate.tokens;
  };

  for (const candidate of ranked) take(candidate, budgetTokens * BEST_SHARE, budgetTokens * SECTION_SHARE);
  for (const candidate of ranked) {
    if (picked.has(candidate.ordinal)) take(all(candidate.ordinal + 1), budgetTokens, budgetTokens);
  }
  for (const candidate of ranked) take(candidate, budgetTokens, budgetTokens);
  return [...picked].sort((one, other) => one - other);
}

/**
 * Picks passages for a question without words to look for ("What is this about?"): the
 * beginning of the scope, then openings of sections spread evenly over it.
 *
 * @param openings First passage of each section, in reading order.
 */
export function spreadPassages(openings: readonly Candidate[], budgetTokens: number): number[] {
  const picked: number[] = [];
  let used = 0;
  const affordable = Math.max(1, Math.floor(budgetTokens / meanTokens(openings)));
  const stride = Math.max(1, openings.length / affordable);
  for (let place = 0; place < openings.length; place += stride) {
    const opening = openings[Math.floor(place)];
    if (!opening || used + opening.tokens > budgetTokens) continue;
    picked.push(opening.ordinal);
    used += opening.tokens;
  }
  return picked;
}

function meanTokens(candidates: readonly Candidate[]): number {
  const total = candidates.reduce((sum, candidate) => sum + candidate.tokens, 0);
  return Math.max(1, total / Math.max(1, candidates.length));
}
