import { useEffect } from 'react';
import { runShortcut } from './runShortcut.ts';
import { useStores } from './storesContext.ts';

/** Narrower than this, the panels lie over the book. */
const NARROW = '(max-width: 1040px)';

/** Listens to the window's keys and width. */
export function useShortcuts(): void {
  const stores = useStores();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // A dialog and a menu close themselves.
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const handled = runShortcut(stores, {
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
      });
      if (handled) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [stores]);
  useEffect(() => {
    const query = window.matchMedia(NARROW);
    const update = () => stores.shell.getState().setNarrow(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [stores]);
}
