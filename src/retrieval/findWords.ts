import type { TextRange } from '#shared/text/index.ts';
import { foldWord, isUnspaced } from './words.ts';

/**
 * Every place in a text where folded words follow each other with nothing but spaces and
 * punctuation between them. The last word may go on: "comm" finds "command".
 */
export function findWords(text: string, words: readonly string[]): TextRange[] {
  const { folded, offsetOf } = foldText(text);
  return [...folded.matchAll(pattern(words))].map((match) => ({
    start: offsetOf(match.index),
    end: offsetOf(match.index + match[0].length),
  }));
}

/** Words are letters and digits only, so they need no escaping. */
function pattern(words: readonly string[]): RegExp {
  let source = words[0] && isUnspaced(words[0]) ? '' : String.raw`(?<![\p{L}\p{N}])`;
  words.forEach((word, place) => {
    const before = words[place - 1];
    if (before !== undefined) {
      source += isUnspaced(before) || isUnspaced(word) ? String.raw`[^\p{L}\p{N}]*` : String.raw`[^\p{L}\p{N}]+`;
    }
    source += word;
  });
  return new RegExp(source, 'gu');
}

function foldText(text: string): { folded: string; offsetOf: (offset: number) => number } {
  const folded = foldWord(text);
  // Most text folds letter by letter; then offsets are the same and nothing need be kept.
  if (folded.length === text.length) return { folded, offsetOf: (offset) => offset };
  let built = '';
  const offsets: number[] = [];
  let at = 0;
  for (const letter of text) {
    const piece = foldWord(letter);
    for (let unit = 0; unit < piece.length; unit++) offsets.push(at);
    built += piece;
    at += letter.length;
  }
  offsets.push(at);
  return { folded: built, offsetOf: (offset) => offsets[offset] ?? text.length };
}
