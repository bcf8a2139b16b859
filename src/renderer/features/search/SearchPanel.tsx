import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { runCommand } from '../../app/runCommand.ts';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { HitList } from './HitList.tsx';
import { SearchStatus } from './SearchStatus.tsx';
import './search.css';

/** Full-text search with its hit list. */
export function SearchPanel() {
  const stores = useStores();
  const { search, shell } = stores;
  const query = useStore(search, (state) => state.query);
  const result = useStore(search, (state) => state.result);
  const error = useStore(search, (state) => state.error);
  const focus = useStore(shell, (state) => state.focusSearch);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [focus]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    runCommand(stores, event.shiftKey ? 'previousHit' : 'nextHit');
  };
  const hasHits = (result?.hits.length ?? 0) > 0;
  return (
    <>
      <div className="panel__tools search__tools">
        <div className="filter">
          <Search className="search__icon" size={15} aria-hidden />
          <input
            ref={field}
            className="field"
            type="search"
            aria-label="Search in this book"
            placeholder="Search in this book"
            value={query}
            onChange={(event) => search.getState().setQuery(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        <IconButton
          icon={ChevronUp}
          label="Previous hit"
          keys="Shift+Enter"
          disabled={!hasHits}
          onClick={() => runCommand(stores, 'previousHit')}
        />
        <IconButton
          icon={ChevronDown}
          label="Next hit"
          keys="Enter"
          disabled={!hasHits}
          onClick={() => runCommand(stores, 'nextHit')}
        />
      </div>
      <SearchStatus />
      {error && (
        <div className="panel__note">
          <ErrorNotice error={error}>
            <Button onClick={() => void search.getState().run()}>Search again</Button>
          </ErrorNotice>
        </div>
      )}
      {result && hasHits && <HitList hits={result.hits} />}
    </>
  );
}
