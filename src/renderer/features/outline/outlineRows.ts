import type { OutlineEntry, TextPosition } from '#shared/domain/index.ts';

/** A line of the outline as it is listed now. */
export interface OutlineRow {
  /** Index in the book's outline. */
  readonly index: number;
  readonly entry: OutlineEntry;
  readonly hasChildren: boolean;
  readonly expanded: boolean;
  /** `[start, end)` of the filter's words in the title. */
  readonly match: readonly [number, number] | null;
}

/**
 * The lines to list: with a filter every entry whose title holds it, in the book's order;
 * without one the tree as far as it is unfolded.
 */
export function outlineRows(
  outline: readonly OutlineEntry[],
  filter: string,
  expanded: ReadonlySet<number>,
): readonly OutlineRow[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const rows: OutlineRow[] = [];
  /** Entries deeper than this hide under a folded one. */
  let foldedDepth = Number.POSITIVE_INFINITY;
  outline.forEach((entry, index) => {
    if (wanted !== '') {
      const start = entry.title.toLocaleLowerCase().indexOf(wanted);
      if (start >= 0) {
        rows.push({ index, entry, hasChildren: false, expanded: false, match: [start, start + wanted.length] });
      }
      return;
    }
    if (entry.depth > foldedDepth) return;
    foldedDepth = Number.POSITIVE_INFINITY;
    const hasChildren = (outline[index + 1]?.depth ?? 0) > entry.depth;
    const isExpanded = hasChildren && expanded.has(index);
    if (hasChildren && !isExpanded) foldedDepth = entry.depth;
    rows.push({ index, entry, hasChildren, expanded: isExpanded, match: null });
  });
  return rows;
}

/** The entry a place belongs to: the last one that starts at or before it; -1 before the first. */
export function outlineIndexAt(outline: readonly OutlineEntry[], position: TextPosition | null): number {
  if (!position) return -1;
  let found = -1;
  outline.forEach(({ target }, index) => {
    if (target && isAtOrBefore(target, position)) found = index;
  });
  return found;
}

/** The indexes of the entries that enclose an entry, outermost first. */
export function ancestorsOf(outline: readonly OutlineEntry[], index: number): readonly number[] {
  const ancestors: number[] = [];
  let depth = outline[index]?.depth ?? 0;
  for (let at = index - 1; at >= 0 && depth > 0; at -= 1) {
    const entryDepth = outline[at]?.depth ?? 0;
    if (entryDepth < depth) {
      ancestors.unshift(at);
      depth = entryDepth;
    }
  }
  return ancestors;
}

const isAtOrBefore = (a: TextPosition, b: TextPosition): boolean =>
  a.leaf < b.leaf || (a.leaf === b.leaf && a.offset <= b.offset);
