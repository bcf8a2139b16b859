import type { BookCard } from '#shared/contract/index.ts';

/** Cloth colours of the bindings, by number. */
const CLOTHS = 7;

/** A cover made of the title: the same book is always bound in the same cloth. */
export function BookCover({ card }: { readonly card: Pick<BookCard, 'id' | 'title' | 'author' | 'format'> }) {
  // The id is a digest, so any few of its digits are even.
  const cloth = Number.parseInt(card.id.slice(0, 8), 16) % CLOTHS;
  return (
    <span className="cover" data-cloth={cloth} aria-hidden>
      <span className="cover__title">{card.title}</span>
      <span className="cover__author">{card.author ?? ''}</span>
      <span className="cover__format">{card.format}</span>
    </span>
  );
}
