import { Eraser, PanelRightClose, Settings } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { EngineCard } from '../models/EngineCard.tsx';
import { EngineStatus } from '../models/EngineStatus.tsx';
import { ActiveTurn } from './ActiveTurn.tsx';
import { QuestionField } from './QuestionField.tsx';
import { ScopeChips } from './ScopeChips.tsx';
import { ScopeMeter } from './ScopeMeter.tsx';
import { TurnView } from './TurnView.tsx';
import './ask.css';

/** How near the end counts as following the answer. */
const FOLLOW_PX = 80;

/** The right margin: questions about the book, and where the answers come from. */
export function AskPanel() {
  const { ask, answer, shell } = useStores();
  const turns = useStore(ask, (state) => state.turns);
  const restoring = useStore(ask, (state) => state.restoring);
  const error = useStore(ask, (state) => state.error);
  const phase = useStore(answer, (state) => state.phase);
  const scroller = useRef<HTMLDivElement>(null);
  const following = useRef(true);

  useEffect(() => {
    const toEnd = (): void => {
      const element = scroller.current;
      if (element && following.current) element.scrollTop = element.scrollHeight;
    };
    following.current = true;
    toEnd();
    // Follows the growing text without rendering the panel for each piece of it.
    return answer.subscribe(() => requestAnimationFrame(toEnd));
  }, [answer, turns.length]);

  return (
    <aside className="panel panel--ask" aria-label="Ask">
      <div className="panel__head">
        <h2 className="ask__heading">Ask</h2>
        <EngineStatus />
        <IconButton
          icon={Eraser}
          label="Clear this conversation"
          disabled={turns.length === 0 || phase !== 'idle'}
          onClick={() => void ask.getState().clear()}
        />
        <IconButton
          icon={Settings}
          label="Settings"
          keys="Ctrl+,"
          onClick={() => shell.getState().showDialog('settings')}
        />
        <IconButton icon={PanelRightClose} label="Hide" keys="Ctrl+J" onClick={() => shell.getState().toggle('ask')} />
      </div>
      <div
        ref={scroller}
        className="ask__turns"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
        }}
      >
        {restoring && <p className="ask__empty">Fetching earlier questions…</p>}
        {!restoring && turns.length === 0 && phase === 'idle' && <AskEmpty />}
        {turns.map((turn) => (
          <TurnView key={turn.answerId} turn={turn} />
        ))}
        <ActiveTurn />
      </div>
      <div className="ask__foot">
        {error && <ErrorNotice error={error} onDismiss={() => ask.getState().dismissError()} />}
        <EngineCard />
        <ScopeChips />
        <ScopeMeter />
        <QuestionField />
      </div>
    </aside>
  );
}

function AskEmpty() {
  return (
    <div className="ask__empty">
      <p className="ask__empty-title">Ask the book</p>
      <p>
        Choose what to read: this page, this chapter or the whole book. The answer comes with the sentences it leans on,
        and says what was not read.
      </p>
    </div>
  );
}
