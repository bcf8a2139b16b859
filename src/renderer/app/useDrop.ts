import { useEffect, useState } from 'react';
import { useStores } from './storesContext.ts';

/** Opens a file that is dropped on the window. @returns whether one hovers over it now */
export function useDrop(): boolean {
  const { library, book } = useStores();
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setDropping(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      void library
        .getState()
        .openDropped(file)
        .then(() => {
          // The path field lies on the shelf: where it is needed, go there.
          if (!library.getState().dialogAvailable && library.getState().failedPath) void book.getState().close();
        });
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [library, book]);
  return dropping;
}
