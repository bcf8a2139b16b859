import { CornerDownLeft } from 'lucide-react';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';

/** Opens a file by its path, where the host has no file dialog or a person would rather type. */
export function OpenField() {
  const { library } = useStores();
  const opening = useStore(library, (state) => state.opening !== null);
  const failedPath = useStore(library, (state) => state.failedPath);
  const dialogAvailable = useStore(library, (state) => state.dialogAvailable);
  const [path, setPath] = useState(failedPath ?? '');
  const [seen, setSeen] = useState(failedPath);
  const field = useRef<HTMLInputElement>(null);
  if (failedPath !== seen) {
    setSeen(failedPath);
    if (failedPath !== null) setPath(failedPath);
  }
  useEffect(() => {
    if (!dialogAvailable) field.current?.focus();
  }, [dialogAvailable]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (path.trim() !== '') void library.getState().open(path.trim());
  };
  return (
    <form className="open-field" onSubmit={submit}>
      <input
        ref={field}
        className="field"
        aria-label="Path of a PDF, EPUB, text or Markdown file"
        placeholder="Path of a PDF, EPUB, text or Markdown file"
        value={path}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setPath(event.target.value)}
      />
      <Button type="submit" disabled={opening || path.trim() === ''}>
        <CornerDownLeft size={15} aria-hidden />
        {opening ? 'Opening…' : 'Open'}
      </Button>
    </form>
  );
}
