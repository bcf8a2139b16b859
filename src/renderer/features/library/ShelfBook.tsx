import { X } from 'lucide-react';
import { useStore } from 'zustand';
import type { BookCard } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { BookCover } from './BookCover.tsx';
import { progressOf } from './progressOf.ts';

/** One book on the shelf: opens at the place it was left. */
export function ShelfBook({ card }: { readonly card: BookCard }) {
  const { library } = useStores();
  const opening = useStore(library, (state) => state.opening === card.path);
  const share = progressOf(card);
  return (
    <li className={`shelf-book ${card.present ? '' : 'shelf-book--missing'}`}>
      <button
        type="button"
        className="shelf-book__open"
        aria-busy={opening}
        title={card.path}
        onClick={() => void library.getState().open(card.path)}
      >
        <BookCover card={card} />
        <span className="shelf-book__title">{card.title}</span>
        <span className="shelf-book__detail">
          {opening ? 'Opening…' : card.present ? describeProgress(share) : 'File not found'}
        </span>
        <span className="shelf-book__bar" aria-hidden>
          <span style={{ transform: `scaleX(${share})` }} />
        </span>
      </button>
      <span className="shelf-book__remove">
        <IconButton
          icon={X}
          label={`Take “${card.title}” off the shelf`}
          onClick={() => void library.getState().remove(card.id)}
        />
      </span>
    </li>
  );
}

function describeProgress(share: number): string {
  if (share <= 0) return 'Not begun';
  return share >= 0.995 ? 'Read to the end' : `${Math.max(1, Math.round(share * 100))}% read`;
}
