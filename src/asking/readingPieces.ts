import type { BookInfo, Section, TextSpan } from '#shared/domain/index.ts';
import type { BookShelf } from './bookShelf.ts';
import { splitAtSections } from './scopeSpans.ts';

/** A stretch of the book that the model reads in one go: inside one leaf and one section. */
export interface ReadingPiece {
  readonly section: Section;
  readonly span: TextSpan;
  readonly text: string;
}

/** Fetches the text of stretches, without white space around it; stretches without words vanish. */
export async function readingPieces(
  shelf: BookShelf,
  info: BookInfo,
  spans: readonly TextSpan[],
  signal: AbortSignal,
): Promise<ReadingPiece[]> {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return [];
  const leaves = await shelf.leaves(info.id, first.leaf, last.leaf, signal);
  const textOf = new Map(leaves.map(({ index, text }) => [index, text]));
  return spans.flatMap((span) => {
    const text = textOf.get(span.leaf) ?? '';
    const end = Math.min(span.end, text.length);
    return splitAtSections(info.sections, { ...span, end }).flatMap((part) => trimmed(part.section, part.span, text));
  });
}

/** Joins pieces that follow each other in the same leaf and section, so that picked neighbours read as one. */
export function joinPieces(pieces: readonly ReadingPiece[], textOf: (span: TextSpan) => string): ReadingPiece[] {
  const joined: ReadingPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && last.span.leaf === piece.span.leaf && last.section.index === piece.section.index) {
      const span = { leaf: last.span.leaf, start: last.span.start, end: piece.span.end };
      const between = textOf({ leaf: last.span.leaf, start: last.span.end, end: piece.span.start });
      if (between.trim() === '') {
        joined[joined.length - 1] = { section: last.section, span, text: textOf(span) };
        continue;
      }
    }
    joined.push(piece);
  }
  return joined;
}

function trimmed(section: Section, { leaf, start, end }: TextSpan, text: string): ReadingPiece[] {
  const raw = text.slice(start, end);
  const from = start + (raw.length - raw.trimStart().length);
  const to = end - (raw.length - raw.trimEnd().length);
  if (to <= from) return [];
  return [{ section, span: { leaf, start: from, end: to }, text: text.slice(from, to) }];
}
