import { foldWord, wordsOf } from '#retrieval/index.ts';
import { quoteMatch, sentences } from '#shared/text/index.ts';
import { contentWords } from './contentWords.ts';

/** So many words in a row, found in the text, are a quotation and no accident. */
const QUOTE_WORDS = 5;
/** Share of the meaning of an answer's sentence that one sentence of the text must hold to count as its source. */
const PARAPHRASE_SHARE = 0.5;
/** One shared word beside the question's own is an accident. */
const MIN_SHARED_WORDS = 2;

/** One sentence of an answer, prepared for comparison. */
export interface AnswerClaim {
  readonly words: ReadonlySet<string>;
  /** Runs of `QUOTE_WORDS` words as they stand. */
  readonly runs: readonly string[];
  readonly numbers: ReadonlySet<string>;
}

/** Takes an answer apart into the claims it makes. */
export function answerClaims(answer: string, language: string | null): AnswerClaim[] {
  return sentences(answer, language).map(({ start, end }) => {
    const text = answer.slice(start, end);
    const places = [...text.matchAll(/\S+/g)];
    const runs = places.slice(0, Math.max(0, places.length - QUOTE_WORDS + 1)).map((first, place) => {
      const last = places[place + QUOTE_WORDS - 1]!;
      return text.slice(first.index, last.index + last[0].length);
    });
    return { words: contentWords(text, language), runs, numbers: numbersOf(text) };
  });
}

/**
 * How far a sentence of the text is the source of one of an answer's claims: 1 for a
 * quotation, else the share of the claim's meaning it holds, each word weighted by how rare
 * it is in what was read. Words of the question count little: every answer repeats them.
 * Numbers of the claim that the sentence lacks make it 0.
 *
 * @param rarity Weight of a content word, above 0.
 * @returns 0 when the sentence is no source.
 */
export function sentenceOverlap(
  sentence: string,
  claims: readonly AnswerClaim[],
  questionWords: ReadonlySet<string>,
  rarity: (word: string) => number,
  language: string | null,
): number {
  const words = contentWords(sentence, language);
  const numbers = numbersOf(sentence);
  let best = 0;
  for (const claim of claims) {
    const own = [...claim.words].filter((word) => !questionWords.has(word));
    const shared = own.filter((word) => words.has(word));
    if (shared.length < MIN_SHARED_WORDS || ![...claim.numbers].every((number) => numbers.has(number))) continue;
    if (claim.runs.some((run) => quoteMatch(sentence, run) !== null)) return 1;
    const weight = (list: readonly string[]): number => list.reduce((sum, word) => sum + rarity(word), 0);
    const share = weight(shared) / weight(own);
    if (share >= PARAPHRASE_SHARE) best = Math.max(best, share);
  }
  return best;
}

function numbersOf(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .map(foldWord)
      .filter((word) => /^\d+$/.test(word)),
  );
}
