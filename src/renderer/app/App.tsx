import { Tooltip } from 'radix-ui';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Announcer } from '../features/ask/Announcer.tsx';
import { LibraryView } from '../features/library/LibraryView.tsx';
import { PasswordDialog } from '../features/library/PasswordDialog.tsx';
import { ModelDialog } from '../features/models/ModelDialog.tsx';
import { SettingsDialog } from '../features/settings/SettingsDialog.tsx';
import { ReadingView } from './ReadingView.tsx';
import { useStores } from './storesContext.ts';
import { useDrop } from './useDrop.ts';
import { useShortcuts } from './useShortcuts.ts';
import { useTheme } from './useTheme.ts';
import './shell.css';

/** The whole window: the shelf, or an open book with its margins, and the dialogs over both. */
export function App() {
  const { book, shell, library, position } = useStores();
  const hasBook = useStore(book, (state) => state.book !== null);
  const dialog = useStore(shell, (state) => state.dialog);
  const title = useStore(book, (state) => state.book?.info.title);
  useTheme();
  useShortcuts();
  const dropping = useDrop();

  useEffect(() => {
    document.title = title ? `${title} — Proxima` : 'Proxima';
  }, [title]);
  useEffect(() => {
    void library.getState().refresh();
    const flush = () => position.getState().flush();
    window.addEventListener('pagehide', flush);
    return () => window.removeEventListener('pagehide', flush);
  }, [library, position]);

  return (
    <Tooltip.Provider delayDuration={450}>
      {hasBook ? <ReadingView /> : <LibraryView />}
      {dialog === 'settings' && <SettingsDialog />}
      {dialog === 'model' && <ModelDialog />}
      <PasswordDialog />
      {dropping && (
        <div className="drop-veil" aria-hidden>
          <p>Drop to open</p>
        </div>
      )}
      <Announcer />
    </Tooltip.Provider>
  );
}
