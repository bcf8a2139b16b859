import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';

/** A hairline under the header: how far into the book this is. */
export function ReadingLine() {
  const { book, position } = useStores();
  const last = useStore(book, (state) => Math.max(1, (state.book?.info.leaves.length ?? 1) - 1));
  const leaf = useStore(position, (state) => state.position?.leaf ?? 0);
  return (
    <div className="reading-line" aria-hidden>
      <div style={{ transform: `scaleX(${Math.min(1, leaf / last)})` }} />
    </div>
  );
}
