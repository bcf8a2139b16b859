import type { ReadSection } from '#shared/domain/index.ts';
import type { ReadingPiece } from './readingPieces.ts';

/**
 * Sums up by section what is read.
 * @param counts Tokens of each piece.
 * @param scope All pieces of the scope: a section is read whole when nothing of it in the scope is missing.
 */
export function readSections(
  pieces: readonly ReadingPiece[],
  counts: readonly number[],
  scope: readonly ReadingPiece[],
): ReadSection[] {
  const inScope = charactersBySection(scope);
  const read = charactersBySection(pieces);
  const sections = new Map<number, { section: ReadingPiece['section']; tokens: number }>();
  pieces.forEach(({ section }, place) => {
    const known = sections.get(section.index) ?? { section, tokens: 0 };
    known.tokens += counts[place] ?? 0;
    sections.set(section.index, known);
  });
  return [...sections.values()].map(({ section, tokens }) => ({
    section: section.index,
    title: section.title,
    tokens,
    // Passages leave out the white space between paragraphs.
    whole: (read.get(section.index) ?? 0) >= 0.98 * (inScope.get(section.index) ?? 0),
  }));
}

function charactersBySection(pieces: readonly ReadingPiece[]): Map<number, number> {
  const characters = new Map<number, number>();
  for (const { section, text } of pieces) {
    characters.set(section.index, (characters.get(section.index) ?? 0) + text.length);
  }
  return characters;
}
