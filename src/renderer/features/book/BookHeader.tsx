import {
  ArrowLeft,
  ArrowRight,
  Library,
  MessageSquareText,
  Minus,
  MoveHorizontal,
  PanelLeft,
  Plus,
} from 'lucide-react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { PageField } from './PageField.tsx';

/** Title, place, zoom, and the way back after a jump. */
export function BookHeader() {
  const { book, history, shell, settings } = useStores();
  const title = useStore(book, (state) => state.book?.info.title ?? '');
  const author = useStore(book, (state) => state.book?.info.author ?? null);
  const scale = useStore(book, (state) => state.scale);
  const canBack = useStore(history, (state) => state.back.length > 0);
  const canForward = useStore(history, (state) => state.forward.length > 0);
  const narrow = useStore(shell, (state) => state.narrow);
  const overlay = useStore(shell, (state) => state.overlay);
  const panels = useStore(settings, (state) => state.settings.panels);
  const leftOpen = narrow ? overlay === 'left' : panels.outline;
  const askOpen = narrow ? overlay === 'ask' : panels.chat;
  return (
    <header className="book-header">
      <div className="book-header__side">
        {!leftOpen && (
          <>
            <IconButton icon={Library} label="Back to the library" onClick={() => void book.getState().close()} />
            <IconButton
              icon={PanelLeft}
              label="Show contents"
              keys="Ctrl+B"
              onClick={() => shell.getState().toggle('left')}
            />
          </>
        )}
        <IconButton
          icon={ArrowLeft}
          label="Back to where the jump began"
          keys="Alt+←"
          disabled={!canBack}
          onClick={() => book.getState().goBack()}
        />
        <IconButton
          icon={ArrowRight}
          label="Forward"
          keys="Alt+→"
          disabled={!canForward}
          onClick={() => book.getState().goForward()}
        />
      </div>
      <h1 className="book-header__title" title={author ? `${title}, ${author}` : title}>
        {title}
      </h1>
      <div className="book-header__side book-header__side--end">
        <PageField />
        <span className="zoom">
          <IconButton icon={Minus} label="Smaller" keys="Ctrl+−" onClick={() => void book.getState().zoom('out')} />
          {scale !== null && <output className="zoom__scale">{Math.round(scale * 100)}%</output>}
          <IconButton icon={Plus} label="Larger" keys="Ctrl++" onClick={() => void book.getState().zoom('in')} />
          <IconButton
            icon={MoveHorizontal}
            label="Fit to width"
            keys="Ctrl+0"
            onClick={() => void book.getState().zoom('width')}
          />
        </span>
        {!askOpen && (
          <IconButton
            icon={MessageSquareText}
            label="Ask about this book"
            keys="Ctrl+J"
            onClick={() => shell.getState().toggle('ask')}
          />
        )}
      </div>
    </header>
  );
}
