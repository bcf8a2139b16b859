import { type SubmitEvent, useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { formatCount } from '../../ui/formatCount.ts';
import { findLeaf } from './findLeaf.ts';

/** Where the person is: the page's own label, and its place among all. Typing another goes there. */
export function PageField() {
  const { book, position } = useStores();
  const info = useStore(book, (state) => state.book?.info ?? null);
  const leaf = useStore(position, (state) => state.position?.leaf ?? 0);
  const label = useStore(position, (state) => state.leafLabel);
  const [typed, setTyped] = useState<string | null>(null);
  if (!info) return null;
  const count = info.leaves.length;
  const shown = label || info.leaves[leaf]?.label || String(leaf + 1);
  if (info.format !== 'pdf') {
    return (
      <span className="page-field__of" title={shown}>
        {formatCount(leaf + 1)} of {formatCount(count)}
      </span>
    );
  }
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = findLeaf(info.leaves, typed ?? '');
    setTyped(null);
    if (target !== null) book.getState().jump({ leaf: target, offset: 0 });
  };
  return (
    <form className="page-field" onSubmit={submit}>
      <input
        className="page-field__input"
        aria-label={`Page ${shown}, ${leaf + 1} of ${count}. Type a page to go there.`}
        value={typed ?? shown}
        size={Math.max(3, (typed ?? shown).length)}
        onFocus={(event) => event.target.select()}
        onBlur={() => setTyped(null)}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span className="page-field__of">
        {shown === String(leaf + 1) ? '' : `${formatCount(leaf + 1)} `}of {formatCount(count)}
      </span>
    </form>
  );
}
