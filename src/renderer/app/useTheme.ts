import { useEffect } from 'react';
import { useStore } from 'zustand';
import { resolveTheme } from '../features/settings/resolveTheme.ts';
import { useStores } from './storesContext.ts';

/** Paints the window and the book in the chosen theme, and follows the system where it should. */
export function useTheme(): void {
  const { settings, shell, book } = useStores();
  const choice = useStore(settings, (state) => state.settings.theme);
  const textSizePx = useStore(settings, (state) => state.settings.textSizePx);
  const systemDark = useStore(shell, (state) => state.systemDark);
  const theme = resolveTheme(choice, systemDark);

  useEffect(() => {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const update = () => shell.getState().setSystemDark(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [shell]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    book.getState().setAppearance({ theme, textSizePx });
  }, [book, theme, textSizePx]);
}
