import { Square } from 'lucide-react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { formatCount } from '../../ui/formatCount.ts';
import { formatDuration } from '../../ui/formatDuration.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { AnswerText } from './AnswerText.tsx';
import { EvidenceList } from './EvidenceList.tsx';
import { QuestionLine } from './QuestionLine.tsx';
import { Statement } from './Statement.tsx';

/** The answer that is being made now. */
export function ActiveTurn() {
  const { answer, ask } = useStores();
  const phase = useStore(answer, (state) => state.phase);
  const question = useStore(answer, (state) => state.question);
  const scope = useStore(answer, (state) => state.scope);
  const statement = useStore(answer, (state) => state.statement);
  const notice = useStore(answer, (state) => state.notice);
  const sections = useStore(answer, (state) => state.sections);
  const text = useStore(answer, (state) => state.text);
  const evidence = useStore(answer, (state) => state.evidence);
  const stopping = useStore(answer, (state) => state.stopping);
  if (phase === 'idle') return null;
  return (
    <article className="turn turn--active" aria-busy aria-label={`Question: ${question}`}>
      <QuestionLine question={question} scope={scope} />
      {statement && <Statement text={statement} sections={sections} />}
      {notice && <p className="turn__note">{notice}</p>}
      {phase !== 'writing' && <Reading />}
      {text !== '' && <AnswerText text={text} growing />}
      <EvidenceList evidence={evidence} />
      <div className="turn__actions">
        <Button onClick={() => void ask.getState().stop()} disabled={stopping}>
          <Square size={13} aria-hidden />
          {stopping ? 'Stopping…' : 'Stop'}
        </Button>
      </div>
    </article>
  );
}

/** How far the model has read before it can answer. */
function Reading() {
  const { answer } = useStores();
  const progress = useStore(answer, (state) => state.progress);
  if (!progress) {
    return (
      <div className="reading-progress">
        <ProgressBar label="Preparing to read" share={null} />
        <p>Looking up what to read…</p>
      </div>
    );
  }
  const { doneTokens, totalTokens, remainingMs } = progress;
  return (
    <div className="reading-progress">
      <ProgressBar label="Reading" share={totalTokens > 0 ? doneTokens / totalTokens : null} />
      <p>
        <span>
          Reading {formatCount(doneTokens)} of {formatCount(totalTokens)} tokens
        </span>
        {remainingMs !== null && <span>{formatDuration(remainingMs)} left</span>}
      </p>
    </div>
  );
}
