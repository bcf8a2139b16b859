import { quoteMatch } from '../../src/shared/text/index.ts';

/**
 * Whether an answer holds what is asked for: of each thing one of the ways of writing it. Case, quotation marks,
 * hyphens and full stops do not count; a number is found as a whole number.
 *
 * @param wanted `[things][ways]`
 */
export function holdsWords(answer: string, wanted: readonly (readonly string[])[]): boolean {
  const numbers = numbersOf(answer);
  const stands = (words: string): boolean =>
    /\p{L}/u.test(words) ? quoteMatch(answer, words) !== null : numbersOf(words).every((one) => numbers.includes(one));
  return wanted.every((ways) => ways.some(stands));
}

/** Digits, with what parts thousands taken out. */
const numbersOf = (text: string): readonly string[] => text.replace(/(?<=\d),(?=\d{3})/gu, '').match(/\d+/gu) ?? [];
