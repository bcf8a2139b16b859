import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { appUrls } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { connectFrame } from '../../bridge/frameLink.ts';
import { frameMissing } from './frameMissing.ts';

/** A frame whose page never loads never greets back; loading it from disk takes well under a second. */
const START_MS = 15_000;

/**
 * Hosts the book frame. Its sandbox gives it an opaque origin and, with that, a process of
 * its own; all talk with it goes over one message channel.
 */
export function BookFrame() {
  const { book, app } = useStores();
  const title = useStore(book, (state) => state.book?.info.title ?? 'Book');
  const frame = useRef<HTMLIFrameElement>(null);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const late = setTimeout(() => {
      if (book.getState().frame === 'loading') book.getState().frameLost(frameMissing());
    }, START_MS);
    const onLoad = (): void => {
      const target = element.contentWindow;
      if (!target) return;
      book.getState().attach(
        connectFrame(target, {
          onEvent: (event) => {
            if (event.type === 'ready') clearTimeout(late);
            book.getState().frameEvent(event);
          },
          onLost: (error) => book.getState().frameLost(error),
        }),
      );
    };
    element.addEventListener('load', onLoad);
    // The address is set only now, so that a quick load cannot be missed.
    element.src = appUrls.frame(app.origin);
    return () => {
      clearTimeout(late);
      element.removeEventListener('load', onLoad);
    };
  }, [book, app.origin]);

  return <iframe ref={frame} className="book__frame" title={title} sandbox="allow-scripts" />;
}
