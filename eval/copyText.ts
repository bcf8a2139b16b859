import { type Repeat, repeatPassages } from '../src/engine/explore/repeatPassages.ts';
import type { ScoredSpans } from './measureText.ts';

/** Tokens of a repeat after which it is clear that it is one; they are not scored. */
const LEAD_TOKENS = 16;
const PASSAGE_TOKENS = 160;

/**
 * A text that says passages again: `copyNear` 700 to 1,200 tokens after the first time,
 * `copyFar` several thousand. How well they are predicted tells whether the model can still
 * look things up in what it read.
 * @param tokens at least 4,000
 */
export function copyText(
  prose: readonly number[],
  tokens: number,
): { readonly ids: readonly number[]; readonly spans: ScoredSpans } {
  const near: Repeat[] = [700, 950, 1200].map((distance, i) => ({
    at: Math.floor(tokens * (0.25 + i * 0.15)),
    distance,
    tokens: PASSAGE_TOKENS,
  }));
  const far: Repeat[] = [0.75, 0.9].map((share, i) => ({
    at: Math.floor(tokens * share),
    distance: Math.floor(tokens * (0.5 + 0.2 * i)),
    tokens: PASSAGE_TOKENS,
  }));
  const scored = (repeats: readonly Repeat[]): (readonly [number, number])[] =>
    repeats.map(({ at }) => [at + LEAD_TOKENS, at + PASSAGE_TOKENS] as const);
  return {
    ids: repeatPassages(prose, tokens, [...near, ...far]),
    spans: { copy: scored([...near, ...far]), copyNear: scored(near), copyFar: scored(far) },
  };
}
