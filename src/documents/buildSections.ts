import {
  type Leaf,
  leafIndex,
  type OutlineEntry,
  type Section,
  sectionIndex,
  type TextPosition,
} from '#shared/domain/index.ts';

interface Start {
  title: string;
  depth: number;
  readonly position: TextPosition;
}

/** Title of what stands before the first entry of the outline. */
const FRONT = 'Front matter';
const MAX_TITLE = 120;

/**
 * Cuts a book into sections that cover it without gap or overlap: one for each place the
 * outline leads to, in reading order. Entries that lead to the same place make one section.
 * Without an outline, runs of `leavesPerRun` leaves.
 */
export function buildSections(
  leaves: readonly Leaf[],
  outline: readonly OutlineEntry[],
  leavesPerRun: number,
): Section[] {
  const starts = startsOf(outline);
  const first = starts[0];
  if (!first) return runsOf(leaves, leavesPerRun);
  if (first.position.leaf > 0 || first.position.offset > 0) {
    starts.unshift({ title: FRONT, depth: 0, position: { leaf: leafIndex(0), offset: 0 } });
  }
  return toSections(starts, leaves.length);
}

function startsOf(outline: readonly OutlineEntry[]): Start[] {
  const starts: Start[] = [];
  const inOrder = outline
    .flatMap(({ title, depth, target }) => (target ? [{ title, depth, position: target }] : []))
    .sort((one, other) => comparePositions(one.position, other.position));
  for (const entry of inOrder) {
    const last = starts.at(-1);
    if (!last || comparePositions(last.position, entry.position) !== 0) starts.push({ ...entry });
    else if (entry.depth <= last.depth) {
      // A subsection that begins with its chapter adds nothing to the name; a neighbour does.
      const joined = `${last.title} / ${entry.title}`;
      if (joined.length <= MAX_TITLE) last.title = joined;
      last.depth = entry.depth;
    }
  }
  return starts;
}

function runsOf(leaves: readonly Leaf[], leavesPerRun: number): Section[] {
  const starts: Start[] = [];
  for (let leaf = 0; leaf < leaves.length; leaf += leavesPerRun) {
    const last = Math.min(leaf + leavesPerRun, leaves.length) - 1;
    const [from, to] = [leaves[leaf]!.label, leaves[last]!.label];
    const title = leavesPerRun === 1 ? from : from === to ? `Page ${from}` : `Pages ${from}\u2013${to}`;
    starts.push({ title, depth: 0, position: { leaf: leafIndex(leaf), offset: 0 } });
  }
  return toSections(starts, leaves.length);
}

function toSections(starts: readonly Start[], leafCount: number): Section[] {
  const endOfBook: TextPosition = { leaf: leafIndex(Math.max(0, leafCount - 1)), offset: Number.MAX_SAFE_INTEGER };
  return starts.map(({ title, depth, position }, index) => ({
    index: sectionIndex(index),
    title,
    depth,
    start: position,
    end: starts[index + 1]?.position ?? endOfBook,
  }));
}

function comparePositions(one: TextPosition, other: TextPosition): number {
  return one.leaf - other.leaf || one.offset - other.offset;
}
