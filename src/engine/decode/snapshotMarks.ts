import type { CachePlan } from '#shared/domain/index.ts';

/** Reading so many tokens again takes a second or two; a snapshot takes megabytes. */
const LEAST_GAP_TOKENS = 1024;

/** Snapshots of one prompt at most, beside the one at its end. */
const MAX_TEXT_MARKS = 4;

/**
 * Where to take snapshots while a prompt is read: starts of blocks. The last stands before the end of
 * the last text, where another question on the same text would begin; others at ends of texts before
 * it, so that a shorter scope finds its place; and one at the end of the prompt, for writing the
 * same answer again, unless the last text ends close by.
 *
 * @param textEnds for each text in the prompt the position after its last token, ascending
 * @returns positions, ascending, all below `promptTokens`
 */
export function snapshotMarks(plan: CachePlan, textEnds: readonly number[], promptTokens: number): number[] {
  const blockStart = (tokens: number): number => tokens - (tokens % plan.chunkTokens);
  const promptEnd = blockStart(promptTokens - 1);
  const ends = textEnds.map((end) => Math.min(blockStart(end), promptEnd)).filter((position) => position > 0);
  let gap = LEAST_GAP_TOKENS;
  let marks = spaced(ends, gap);
  while (marks.length > MAX_TEXT_MARKS) marks = spaced(ends, (gap *= 2));
  const last = marks.at(-1);
  if (promptEnd > 0 && (last === undefined || promptEnd - last >= LEAST_GAP_TOKENS)) marks.push(promptEnd);
  return marks;
}

/** The last position, and those before it that are at least a gap away from the next one kept. */
function spaced(positions: readonly number[], gap: number): number[] {
  const kept: number[] = [];
  for (const position of positions.toReversed()) {
    if (kept.length === 0 || kept[0]! - position >= gap) kept.unshift(position);
  }
  return kept;
}
