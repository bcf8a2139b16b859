import { sectionAt } from '#retrieval/index.ts';
import { type BookInfo, leafIndex, type Scope, type Section, type TextSpan } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';

/** End of a leaf whose length is not known yet. */
export const LEAF_END = Number.MAX_SAFE_INTEGER;

/**
 * The stretches a scope stands for, one a leaf, in reading order; `end` may be `LEAF_END`.
 * A chapter holds what is nested in it.
 *
 * @throws {InputError} `input/invalid` for pages or sections the book does not have.
 */
export function scopeSpans(info: BookInfo, scope: Scope): readonly TextSpan[] {
  switch (scope.kind) {
    case 'selection': {
      requireLeaf(info, scope.span.leaf);
      return [scope.span];
    }
    case 'leaves': {
      requireLeaf(info, scope.first);
      requireLeaf(info, scope.last);
      if (scope.last < scope.first) {
        throw new InputError('input/invalid', 'The last page of the choice stands before the first.', {
          advice: 'Give the smaller page first, such as 12-14.',
        });
      }
      return between(scope.first, 0, scope.last, LEAF_END);
    }
    case 'section': {
      const section = info.sections[scope.section];
      if (!section) {
        throw new InputError('input/invalid', `The book has no section ${scope.section}.`, {
          advice: `Choose one of its ${info.sections.length} sections.`,
        });
      }
      const { end } = lastNested(info.sections, section);
      return between(section.start.leaf, section.start.offset, end.leaf, end.offset);
    }
    case 'whole':
      return info.leaves.length === 0 ? [] : between(0, 0, info.leaves.length - 1, LEAF_END);
    default:
      return scope satisfies never;
  }
}

/** Whether a passage lies in one of the stretches of a scope. */
export function inScope(spans: readonly TextSpan[]): (passage: TextSpan) => boolean {
  const byLeaf = new Map(spans.map((span) => [span.leaf, span]));
  return ({ leaf, start, end }) => {
    const span = byLeaf.get(leaf);
    return span !== undefined && start >= span.start && end <= span.end;
  };
}

/** Cuts a stretch of one leaf where sections begin. */
export function splitAtSections(
  sections: readonly Section[],
  { leaf, start, end }: TextSpan,
): readonly { readonly section: Section; readonly span: TextSpan }[] {
  const parts: { section: Section; span: TextSpan }[] = [];
  let from = start;
  while (from < end) {
    const section = sectionAt(sections, { leaf, offset: from });
    if (!section) break;
    const to = section.end.leaf === leaf ? Math.min(end, section.end.offset) : end;
    // A place in front of the first section belongs to it; an end at or before `from` would never move on.
    const until = to > from ? to : end;
    parts.push({ section, span: { leaf, start: from, end: until } });
    from = until;
  }
  return parts;
}

function lastNested(sections: readonly Section[], section: Section): Section {
  let last = section;
  for (const next of sections.slice(section.index + 1)) {
    if (next.depth <= section.depth) break;
    last = next;
  }
  return last;
}

function between(firstLeaf: number, start: number, lastLeaf: number, end: number): TextSpan[] {
  const spans: TextSpan[] = [];
  for (let leaf = firstLeaf; leaf <= lastLeaf; leaf++) {
    const span = {
      leaf: leafIndex(leaf),
      start: leaf === firstLeaf ? start : 0,
      end: leaf === lastLeaf ? end : LEAF_END,
    };
    if (span.end > span.start) spans.push(span);
  }
  return spans;
}

function requireLeaf(info: BookInfo, leaf: number): void {
  if (leaf >= 0 && leaf < info.leaves.length) return;
  throw new InputError('input/invalid', `Page ${leaf + 1} is not in the book.`, {
    advice: `Choose pages from 1 to ${info.leaves.length}.`,
  });
}
