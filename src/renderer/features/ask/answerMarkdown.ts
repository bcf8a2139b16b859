import type { Evidence } from '#shared/domain/index.ts';
import type { Turn } from './turn.ts';

/** A turn as Markdown to paste elsewhere: question, answer, and its passages with their pages. */
export function answerMarkdown(turn: Turn, bookTitle: string): string {
  const lines = [`**${turn.question}**`, '', turn.answer.trim()];
  if (turn.evidence.length > 0) lines.push('', ...turn.evidence.map(evidenceLine));
  lines.push('', `— *${bookTitle}*. ${turn.statement}`.trim());
  return `${lines.join('\n')}\n`;
}

function evidenceLine({ label, kind, anchor }: Evidence): string {
  const quote = anchor.quote.replace(/\s+/g, ' ').trim();
  const words = kind === 'quoted' ? `“${quote}”` : `${quote} *(looked at, not quoted)*`;
  return `- [${label}](${placeFragment(anchor)}): ${words}`;
}

/** `#page=231` is understood by PDF viewers (RFC 8118); an EPUB place by its CFI; a text by its line. */
function placeFragment({ place }: Evidence['anchor']): string {
  switch (place.format) {
    case 'pdf':
      return `#page=${place.page + 1}`;
    case 'epub':
      return `#${place.cfi}`;
    case 'text':
      return `#line=${place.line}`;
    default:
      return place satisfies never;
  }
}
