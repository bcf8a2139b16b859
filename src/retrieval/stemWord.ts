/** Shorter stems would match half of the dictionary as prefixes. */
const MIN_STEM = 4;

/**
 * The beginning that the forms of an English word have in common, for a prefix query:
 * "commands", "commanded" and "commander" are all found by "command". It only takes
 * endings off; the index itself holds whole words, so that search for people stays literal.
 *
 * @param word Folded: lower case, no accents.
 * @returns the stem, or null when the word has too few letters to be cut.
 */
export function stemWord(word: string): string | null {
  for (const ending of ['ations', 'ation', 'ingly', 'edly', 'ments', 'ment', 'ness', 'ings', 'ing', 'ies', 'ied']) {
    if (word.endsWith(ending) && word.length - ending.length >= MIN_STEM) return word.slice(0, -ending.length);
  }
  for (const ending of ['ers', 'ed', 'es', 'er', 'ly', 'al', 's', 'e', 'y']) {
    if (word.endsWith(ending) && !word.endsWith('ss') && word.length - ending.length >= MIN_STEM) {
      return word.slice(0, -ending.length);
    }
  }
  return word.length >= MIN_STEM ? word : null;
}
