const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * Sentences that are finished in a text still growing: all but the last.
 * @param from where unsaid text begins
 * @returns the sentences, and where unsaid text begins now
 */
export function finishedSentences(text: string, from: number): { readonly said: string; readonly upTo: number } {
  const segments = [...segmenter.segment(text.slice(from))];
  const last = segments.at(-1);
  if (!last || last.index === 0) return { said: '', upTo: from };
  return { said: text.slice(from, from + last.index).trim(), upTo: from + last.index };
}
