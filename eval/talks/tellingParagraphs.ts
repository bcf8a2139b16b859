import type { LeafText, TextSpan } from '../../src/shared/domain/index.ts';
import { InputError } from '../../src/shared/errors/index.ts';

/** Parts paragraphs in the plain text of all formats. */
const BREAK = /\n\s*\n/gu;

/**
 * The paragraphs that tell an answer: those that hold one of its sources.
 * @throws {InputError} `input/invalid` for a source that stands nowhere, so that no answer is held against it
 */
export function tellingParagraphs(leaves: readonly LeafText[], sources: readonly string[]): TextSpan[] {
  return sources.flatMap((source) => {
    const found = leaves.flatMap(({ index, text }) =>
      paragraphs(text)
        .filter(({ start, end }) => text.slice(start, end).includes(source))
        .map((range) => ({ leaf: index, ...range })),
    );
    if (found.length > 0) return found;
    throw new InputError('input/invalid', `“${source}” should tell an answer and stands nowhere in the document.`, {
      advice: 'Take the words of the source from the document, letter for letter.',
    });
  });
}

/** Whether a stretch lies in one of the others. */
export const liesIn = ({ leaf, start, end }: TextSpan, spans: readonly TextSpan[]): boolean =>
  spans.some((span) => span.leaf === leaf && span.start <= start && span.end >= end);

function paragraphs(text: string): { readonly start: number; readonly end: number }[] {
  const breaks = [...text.matchAll(BREAK)];
  const starts = [0, ...breaks.map((gap) => gap.index + gap[0].length)];
  const ends = [...breaks.map((gap) => gap.index), text.length];
  return starts.map((start, place) => ({ start, end: ends[place]! }));
}
