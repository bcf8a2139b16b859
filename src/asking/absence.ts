import type { PassageRanking } from '#retrieval/index.ts';

/** What the book does not speak of, of the things a question asks about. */
export interface Absence {
  /** Words of the question that occur nowhere in the book, in any form. */
  readonly words: readonly string[];
  /**
   * The question can be answered without reading: nothing it asks about occurs, and a name is
   * among it. Other words may have a synonym in the text, so without a name it is still read.
   */
  readonly decides: boolean;
}

/** Judges a question by the full-text index, which knows the whole book and not only what is read. */
export function absence({ presence }: PassageRanking): Absence {
  const absent = presence.filter(({ passages }) => passages === 0).map(({ term }) => term);
  return {
    words: absent.map(({ word }) => word),
    decides: absent.some(({ isName }) => isName) && absent.length === presence.length,
  };
}

/** One sentence that names the absent words; null when there are none. */
export function absenceSentence({ words }: Absence): string | null {
  if (words.length === 0) return null;
  const list = words.map((word) => `“${word}”`);
  const names = list.length === 1 ? list[0] : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  return `${names} ${list.length === 1 ? 'does' : 'do'} not occur anywhere in this text.`;
}
