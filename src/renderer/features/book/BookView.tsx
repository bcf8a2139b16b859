import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { BookFrame } from './BookFrame.tsx';
import { BookHeader } from './BookHeader.tsx';
import { ExternalLinkNotice } from './ExternalLinkNotice.tsx';
import { ReadingLine } from './ReadingLine.tsx';
import './book.css';

/** The page: a slim header, and the frame that lays the book out in a process of its own. */
export function BookView() {
  const { book, library } = useStores();
  const frame = useStore(book, (state) => state.frame);
  const frameError = useStore(book, (state) => state.frameError);
  const generation = useStore(book, (state) => state.frameGeneration);
  const openError = useStore(library, (state) => state.error);
  return (
    <section className="book" aria-label="Page">
      <BookHeader />
      <ReadingLine />
      <div className="book__stage">
        {frame !== 'failed' && <BookFrame key={generation} />}
        {frame === 'loading' && (
          <p className="book__loading" role="status">
            Opening the book…
          </p>
        )}
        {frame === 'failed' && frameError && (
          <div className="book__failed">
            <ErrorNotice error={frameError}>
              <Button look="primary" onClick={() => book.getState().reloadFrame()}>
                Reload the book
              </Button>
              <Button onClick={() => void book.getState().close()}>Back to the library</Button>
            </ErrorNotice>
          </div>
        )}
        <ExternalLinkNotice />
        {openError && (
          <div className="book__toast">
            <ErrorNotice error={openError} onDismiss={() => library.getState().dismissError()} />
          </div>
        )}
      </div>
    </section>
  );
}
