import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Segments } from '../../ui/Segments.tsx';
import { type ScopeKind, sectionAt } from './scopes.ts';

/** What the question is about: radio buttons that look like chips. */
export function ScopeChips() {
  const { ask, book, position } = useStores();
  const kind = useStore(ask, (state) => state.scopeKind);
  const amount = useStore(ask, (state) => state.amount);
  const selection = useStore(ask, (state) => state.selection);
  const info = useStore(book, (state) => state.book?.info ?? null);
  const chapter = useStore(position, (state) => (info ? sectionAt(info.sections, state.position)?.title : undefined));
  if (!info) return null;
  const paged = info.format === 'pdf';
  const chips: { readonly kind: ScopeKind; readonly label: string; readonly title: string | undefined }[] = [
    ...(selection ? [{ kind: 'selection' as const, label: 'Selection', title: selection.text.slice(0, 200) }] : []),
    { kind: 'page', label: paged ? 'This page' : 'This part', title: undefined },
    { kind: 'chapter', label: 'This chapter', title: chapter },
    { kind: 'whole', label: 'Whole book', title: undefined },
  ];
  return (
    <>
      <div className="chips" role="radiogroup" aria-label="What the question is about">
        {chips.map((chip) => (
          <label key={chip.kind} title={chip.title}>
            <input
              type="radio"
              name="scope"
              checked={chip.kind === kind}
              onChange={() => ask.getState().setScope(chip.kind)}
            />
            <span>{chip.label}</span>
          </label>
        ))}
      </div>
      {kind === 'whole' && (
        <div className="amount">
          <Segments
            label="How much of the book is read"
            value={amount}
            options={[
              { value: 'brief', label: 'Quick' },
              { value: 'full', label: 'Thorough' },
            ]}
            onChange={(value) => ask.getState().setAmount(value)}
          />
          <span>{amount === 'brief' ? 'The passages most to the point' : 'As much as fits; takes minutes'}</span>
        </div>
      )}
    </>
  );
}
