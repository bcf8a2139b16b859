import { sentences } from '../../src/shared/text/index.ts';

/**
 * Whether an answer is one of the accepted ones once both are normalised as SQuAD does (arXiv 1606.05250, section
 * 6.1): lower case, without punctuation, articles and surplus whitespace.
 */
export function exactMatch(given: string, accepted: readonly string[]): boolean {
  const normal = normalised(given);
  return accepted.some((answer) => normalised(answer) === normal);
}

/** Word overlap with the accepted answer that is nearest: harmonic mean of precision and recall, 0 to 1, as in SQuAD. */
export function tokenF1(given: string, accepted: readonly string[]): number {
  return Math.max(0, ...accepted.map((answer) => overlap(words(given), words(answer))));
}

/** An answer up to the end of its first sentence or line, which is what short questions ask for. */
export function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0]!;
  const [first] = sentences(line);
  return first ? line.slice(first.start, first.end).trim() : '';
}

function overlap(given: readonly string[], wanted: readonly string[]): number {
  if (given.length === 0 || wanted.length === 0) return given.length === wanted.length ? 1 : 0;
  const left = [...wanted];
  let common = 0;
  for (const word of given) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common += 1;
  }
  return (2 * common) / (given.length + wanted.length);
}

const words = (text: string): string[] => normalised(text).split(' ').filter(Boolean);

const normalised = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[\p{P}\p{S}]/gu, '')
    .replace(/\b(?:a|an|the)\b/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
