import { ListFilter } from 'lucide-react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { countOf } from '../../ui/formatCount.ts';
import { OutlineTree } from './OutlineTree.tsx';
import { outlineRows } from './outlineRows.ts';
import './outline.css';

/** The table of contents with a filter over it. */
export function OutlinePanel() {
  const { outline } = useStores();
  const entries = useStore(outline, (state) => state.outline);
  const filter = useStore(outline, (state) => state.filter);
  const expanded = useStore(outline, (state) => state.expanded);
  const rows = outlineRows(entries, filter, expanded);
  if (entries.length === 0) {
    return <p className="panel__note">This file has no table of contents. Search finds words in it all the same.</p>;
  }
  return (
    <>
      <div className="panel__tools filter">
        <ListFilter className="filter__icon" size={15} aria-hidden />
        <input
          className="field"
          type="search"
          aria-label="Filter the contents"
          placeholder={`Filter ${countOf(entries.length, 'entry', 'entries')}`}
          value={filter}
          onChange={(event) => outline.getState().setFilter(event.target.value)}
        />
      </div>
      {filter !== '' && (
        <p className="panel__note" role="status">
          {rows.length === 0 ? `Nothing is titled “${filter}”.` : countOf(rows.length, 'entry', 'entries')}
        </p>
      )}
      <OutlineTree rows={rows} />
    </>
  );
}
