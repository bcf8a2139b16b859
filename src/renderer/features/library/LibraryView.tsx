import { BookOpenText, FolderOpen, Settings } from 'lucide-react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { EngineStatus } from '../models/EngineStatus.tsx';
import { OpenField } from './OpenField.tsx';
import { ShelfBook } from './ShelfBook.tsx';
import './library.css';

/** The shelf: recent books, and the ways to open another. */
export function LibraryView() {
  const { library, shell } = useStores();
  const status = useStore(library, (state) => state.status);
  const books = useStore(library, (state) => state.books);
  const error = useStore(library, (state) => state.error);
  const opening = useStore(library, (state) => state.opening);
  const empty = status === 'ready' && books.length === 0;
  return (
    <div className="library">
      <header className="library__bar">
        <span className="wordmark">Proxima</span>
        <span className="library__bar-end">
          <EngineStatus />
          <IconButton
            icon={Settings}
            label="Settings"
            keys="Ctrl+,"
            onClick={() => shell.getState().showDialog('settings')}
          />
        </span>
      </header>
      <main className="library__main">
        <div className="library__hero">
          <h1>{empty ? 'What would you like to read?' : 'Your shelf'}</h1>
          <p>
            {empty
              ? 'Open a long PDF, an EPUB or a text. Read it in peace, ask it questions, and see where each answer comes from. Nothing leaves this machine.'
              : 'Every book opens where you left it. Drop a file anywhere in the window to add one.'}
          </p>
          <div className="library__actions">
            <Button
              look="primary"
              className="library__open"
              disabled={opening !== null}
              onClick={() => void library.getState().pick()}
            >
              <FolderOpen size={17} aria-hidden />
              Open a book
            </Button>
            <Button disabled={opening !== null} onClick={() => void library.getState().openWelcome()}>
              <BookOpenText size={16} aria-hidden />
              {opening === 'welcome' ? 'Opening…' : 'Welcome guide'}
            </Button>
          </div>
          <OpenField />
          {empty && <p className="library__hint">or drop a file anywhere in this window</p>}
          {error && (
            <div className="library__error">
              <ErrorNotice error={error} onDismiss={() => library.getState().dismissError()} />
            </div>
          )}
        </div>
        {books.length > 0 && (
          <section aria-label="Recent books">
            <ul className="shelf">
              {books.map((card) => (
                <ShelfBook key={card.id} card={card} />
              ))}
            </ul>
          </section>
        )}
      </main>
    </div>
  );
}
