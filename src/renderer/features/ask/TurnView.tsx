import { Check, Copy, Grid3x3, RotateCw, SearchX, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { AnswerText } from './AnswerText.tsx';
import { answerMarkdown } from './answerMarkdown.ts';
import { EvidenceList } from './EvidenceList.tsx';
import { QuestionLine } from './QuestionLine.tsx';
import { Statement } from './Statement.tsx';
import type { Turn } from './turn.ts';
import { UsageLine } from './UsageLine.tsx';

const COPIED_MS = 1600;

const listWords = (words: readonly string[]): string =>
  new Intl.ListFormat('en').format(words.map((word) => `“${word}”`));

/** A question and its answer, done. */
export function TurnView({ turn }: { readonly turn: Turn }) {
  const { ask, answer, book, map, shell } = useStores();
  const idle = useStore(answer, (state) => state.phase === 'idle');
  const mapOpen = useStore(map, (state) => state.answerId === turn.answerId);
  const [copied, setCopied] = useState(false);
  const again = (): void => void ask.getState().ask({ question: turn.question, scope: turn.scope });
  const copy = async (): Promise<void> => {
    const title = book.getState().book?.info.title ?? '';
    await navigator.clipboard.writeText(answerMarkdown(turn, title));
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  const toggleMap = (): void => {
    if (mapOpen) map.getState().close();
    else void map.getState().open(turn.answerId);
    shell.getState().closeOverlay();
  };
  return (
    <article className="turn" aria-label={`Question: ${turn.question}`}>
      <QuestionLine question={turn.question} scope={turn.scope} />
      {turn.statement && <Statement text={turn.statement} sections={turn.sections} />}
      {turn.notFound && (
        <p className="turn__not-found">
          <SearchX size={15} aria-hidden />
          Not found in what was read
        </p>
      )}
      {turn.answer.trim() !== '' && <AnswerText text={turn.answer} />}
      {turn.unsupportedWords.length > 0 && (
        <p className="turn__doubt" role="note">
          <TriangleAlert size={15} aria-hidden />
          <span>
            Doubt this answer: {listWords(turn.unsupportedWords)}{' '}
            {turn.unsupportedWords.length === 1 ? 'stands' : 'stand'} nowhere in what was read.
          </span>
        </p>
      )}
      {turn.state === 'cancelled' && <p className="turn__note">Stopped before the end.</p>}
      {turn.cutBy && (
        <p className="turn__note">
          {turn.cutBy === 'length'
            ? 'The answer reached its longest length and ends here.'
            : 'The model’s context is full, so the answer ends here.'}
        </p>
      )}
      {turn.error && (
        <ErrorNotice error={turn.error}>
          <Button onClick={again} disabled={!idle}>
            Ask again
          </Button>
        </ErrorNotice>
      )}
      {turn.state === 'failed' && !turn.error && <p className="turn__note">This answer failed.</p>}
      <EvidenceList evidence={turn.evidence} />
      {turn.usage && <UsageLine usage={turn.usage} />}
      <div className="turn__actions">
        {turn.answer !== '' && (
          <IconButton
            icon={copied ? Check : Copy}
            label={copied ? 'Copied' : 'Copy as Markdown'}
            onClick={() => void copy()}
          />
        )}
        <IconButton icon={RotateCw} label="Ask again" disabled={!idle} onClick={again} />
        {turn.hasMap && (
          <Button look="quiet" className="turn__map" aria-pressed={mapOpen} onClick={toggleMap}>
            <Grid3x3 size={15} aria-hidden />
            {mapOpen ? 'Hide the map' : 'What it looked at'}
          </Button>
        )}
      </div>
    </article>
  );
}
