import { BookOpenCheck } from 'lucide-react';
import type { ReadSection } from '#shared/domain/index.ts';
import { countOf } from '../../ui/formatCount.ts';

interface StatementProps {
  /** What was read and what was not, in one sentence. */
  readonly text: string;
  readonly sections: readonly ReadSection[];
}

/** Says what the answer rests on. Nothing is left out silently. */
export function Statement({ text, sections }: StatementProps) {
  return (
    <div className="statement">
      <BookOpenCheck size={15} aria-hidden />
      <div>
        <p>{text}</p>
        {sections.length > 1 && (
          <details>
            <summary>{countOf(sections.length, 'section')} read</summary>
            <ul>
              {sections.map((section) => (
                <li key={section.section}>
                  {section.title}
                  <span>
                    {countOf(section.tokens, 'token')}
                    {!section.whole && ', in part'}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </div>
  );
}
