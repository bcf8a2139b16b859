import { useStore } from 'zustand';
import type { Scope } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { describeScope } from './scopes.ts';

/** The question as it was asked, and about what. */
export function QuestionLine({ question, scope }: { readonly question: string; readonly scope: Scope | null }) {
  const { book } = useStores();
  const info = useStore(book, (state) => state.book?.info ?? null);
  return (
    <div className="question-line">
      <h3>{question}</h3>
      {scope && info && <p>about {describeScope(scope, info)}</p>}
    </div>
  );
}
