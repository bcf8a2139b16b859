import type { Anchor, BookInfo, Evidence } from '#shared/domain/index.ts';
import type { BookShelf } from './bookShelf.ts';
import type { EvidenceSentence } from './findEvidence.ts';

/** Ties sentences to their places; those whose round trip fails are dropped, for a link that misses is worse than none. */
export async function evidenceAnchors(
  shelf: BookShelf,
  info: BookInfo,
  found: readonly EvidenceSentence[],
  signal: AbortSignal,
): Promise<Evidence[]> {
  if (found.length === 0) return [];
  const spans = found.map(({ span }) => span);
  const anchors = await shelf.callDocuments(info.id, 'anchor', { book: info.id, spans }, signal);
  return found.flatMap(({ attentionShare, kind, piece }, place) => {
    const anchor = anchors[place];
    return anchor ? [{ anchor, label: labelOf(anchor, piece.section.title), attentionShare, kind }] : [];
  });
}

/** What a link says: never a page number for a format that has no pages. */
function labelOf({ place }: Anchor, sectionTitle: string): string {
  switch (place.format) {
    case 'pdf':
      return `p. ${place.pageLabel}`;
    case 'epub':
      return sectionTitle;
    case 'text':
      return sectionTitle ? `${sectionTitle}, line ${place.line}` : `line ${place.line}`;
    default:
      return place satisfies never;
  }
}
