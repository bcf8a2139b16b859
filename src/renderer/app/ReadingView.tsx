import { useStore } from 'zustand';
import { AskPanel } from '../features/ask/AskPanel.tsx';
import { BookView } from '../features/book/BookView.tsx';
import { MapPanel } from '../features/map/MapPanel.tsx';
import { LeftPanel } from './LeftPanel.tsx';
import { useStores } from './storesContext.ts';

/** An open book between its two margins. */
export function ReadingView() {
  const { shell, settings, map } = useStores();
  const narrow = useStore(shell, (state) => state.narrow);
  const overlay = useStore(shell, (state) => state.overlay);
  const panels = useStore(settings, (state) => state.settings.panels);
  const mapOpen = useStore(map, (state) => state.answerId !== null);
  const left = narrow ? overlay === 'left' : panels.outline;
  const ask = narrow ? overlay === 'ask' : panels.chat;
  return (
    <div className={`reading ${narrow ? 'reading--narrow' : ''}`}>
      {left && <LeftPanel />}
      <main className="reading__middle" aria-label="Book">
        <BookView />
        {mapOpen && <MapPanel />}
      </main>
      {narrow && overlay && (
        <button
          type="button"
          className="reading__scrim"
          aria-label="Close the panel"
          onClick={() => shell.getState().closeOverlay()}
        />
      )}
      {ask && <AskPanel />}
    </div>
  );
}
