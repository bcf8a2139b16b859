import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { countOf, formatCount } from '../../ui/formatCount.ts';
import { ExtractionNote } from '../book/ExtractionNote.tsx';

/** How many hits there are, and what the search could not see yet. */
export function SearchStatus() {
  const { search } = useStores();
  const query = useStore(search, (state) => state.query.trim());
  const result = useStore(search, (state) => state.result);
  const busy = useStore(search, (state) => state.busy);
  const current = useStore(search, (state) => state.current);
  if (query === '') return <ExtractionNote />;
  return (
    <div className="panel__note" role="status">
      {!result && busy && 'Searching…'}
      {result && (
        <p className="search__count">
          {result.total === 0 ? `“${query}” was not found.` : countOf(result.total, 'hit')}
          {current >= 0 && `, at ${formatCount(current + 1)}`}
          {result.hits.length < result.total && `, the first ${formatCount(result.hits.length)} listed`}
        </p>
      )}
      {result?.reason && <p>{result.reason}</p>}
    </div>
  );
}
