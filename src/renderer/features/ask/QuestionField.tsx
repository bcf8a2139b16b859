import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type SubmitEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Hint } from '../../ui/Hint.tsx';

/** Where a question is typed. Enter asks, Shift+Enter begins a new line. What is typed is never lost. */
export function QuestionField() {
  const { ask, answer, engine, shell } = useStores();
  const draft = useStore(ask, (state) => state.draft);
  const idle = useStore(answer, (state) => state.phase === 'idle');
  const ready = useStore(engine, (state) => state.engine.state === 'ready' || state.engine.state === 'answering');
  const focus = useStore(shell, (state) => state.focusAsk);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (focus > 0) field.current?.focus();
  }, [focus]);
  const submit = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (ready) void ask.getState().ask();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const canAsk = idle && ready && draft.trim() !== '';
  return (
    <form className="question" onSubmit={submit}>
      <textarea
        ref={field}
        className="question__field"
        aria-label="Your question"
        placeholder={ready ? 'Ask about the book' : 'Write your question; it can be asked once a model is ready'}
        rows={2}
        value={draft}
        onChange={(event) => ask.getState().setDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Hint label="Ask" keys="Enter">
        <button type="submit" className="question__send" aria-label="Ask" disabled={!canAsk}>
          <ArrowUp size={17} aria-hidden />
        </button>
      </Hint>
    </form>
  );
}
