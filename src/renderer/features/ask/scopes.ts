import type { BookInfo, Scope, Section, TextPosition, TextSpan } from '#shared/domain/index.ts';

/** The scopes a person chooses between; each becomes a `Scope` where they are in the book. */
export type ScopeKind = 'selection' | 'page' | 'chapter' | 'whole';

/** The section a place lies in. Sections cover the book in reading order; the first one takes what comes before. */
export function sectionAt(sections: readonly Section[], position: TextPosition | null): Section | null {
  const place = position ?? sections[0]?.start ?? null;
  if (!place) return null;
  let low = 0;
  let high = sections.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const start = sections[middle]?.start;
    if (start && (start.leaf < place.leaf || (start.leaf === place.leaf && start.offset <= place.offset))) low = middle;
    else high = middle - 1;
  }
  return sections[low] ?? null;
}

/** What a kind of scope means here; null where there is no such thing. */
export function scopeOf(
  kind: ScopeKind,
  info: BookInfo,
  position: TextPosition | null,
  selection: TextSpan | null,
): Scope | null {
  switch (kind) {
    case 'selection':
      return selection && { kind: 'selection', span: selection };
    case 'page': {
      const leaf = position?.leaf ?? info.leaves[0]?.index;
      return leaf === undefined ? null : { kind: 'leaves', first: leaf, last: leaf };
    }
    case 'chapter': {
      const section = sectionAt(info.sections, position);
      return section && { kind: 'section', section: section.index };
    }
    case 'whole':
      return { kind: 'whole' };
    default:
      return kind satisfies never;
  }
}

/** Names a scope for people: "p. 231", "Chapter 4", "the whole book". */
export function describeScope(scope: Scope, info: BookInfo): string {
  switch (scope.kind) {
    case 'selection':
      return 'the selected passage';
    case 'leaves': {
      const label = info.leaves[scope.first]?.label ?? String(scope.first + 1);
      return info.format === 'pdf' ? `p. ${label}` : label;
    }
    case 'section':
      return info.sections[scope.section]?.title ?? 'this chapter';
    case 'whole':
      return 'the whole book';
    default:
      return scope satisfies never;
  }
}
