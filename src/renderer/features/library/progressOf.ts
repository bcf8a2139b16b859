import type { BookCard } from '#shared/contract/index.ts';

/** How far into a book its place is, 0 to 1, by leaves. */
export function progressOf({ position, leafCount }: Pick<BookCard, 'position' | 'leafCount'>): number {
  if (!position || leafCount === 0) return 0;
  if (leafCount === 1) return position.offset > 0 ? 0.01 : 0;
  return Math.min(1, position.leaf / (leafCount - 1));
}
