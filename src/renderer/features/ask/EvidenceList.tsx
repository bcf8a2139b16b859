import { Eye, Quote } from 'lucide-react';
import type { Evidence } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { startOf } from '../book/startOf.ts';

/**
 * Where an answer comes from. `quoted` words really stand there; `attended` only says that the
 * model looked there. They differ in icon, word and border, not in colour alone.
 */
export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  const { book, shell } = useStores();
  if (evidence.length === 0) return null;
  const go = (chosen: Evidence): void => {
    book
      .getState()
      .jump(startOf(chosen.anchor.span), [
        ...evidence
          .filter((other) => other !== chosen)
          .map((other) => ({ span: other.anchor.span, kind: 'evidence' as const })),
        { span: chosen.anchor.span, kind: 'current' },
      ]);
    shell.getState().closeOverlay();
  };
  return (
    <ul className="evidence" aria-label="Passages this answer leans on">
      {evidence.map((item, index) => (
        <li key={index}>
          <button type="button" className={`evidence__item evidence__item--${item.kind}`} onClick={() => go(item)}>
            <span className="evidence__head">
              {item.kind === 'quoted' ? <Quote size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
              <b>{item.label}</b>
              <span className="evidence__kind">{item.kind === 'quoted' ? 'quoted' : 'looked at'}</span>
              <span
                className="evidence__share"
                title="Share of the answer’s attention to the text that fell on this sentence"
              >
                {formatShare(item.attentionShare)}
              </span>
            </span>
            <span className="evidence__quote">{item.anchor.quote}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function formatShare(share: number): string {
  if (share <= 0) return '';
  return share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
