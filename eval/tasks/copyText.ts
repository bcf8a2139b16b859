import { type Repeat, repeatPassages } from '../../src/engine/explore/repeatPassages.ts';

/** Part of a passage that stands a second time. */
export interface CopiedPart {
  /** `near`: 700 to 1,200 tokens after the first time. `far`: half of the text or more. */
  readonly group: 'near' | 'far';
  /** Positions that are scored. */
  readonly span: readonly [number, number];
}

/** Tokens of a repeat after which it is clear that it is one; they are not scored. */
const LEAD_TOKENS = 16;
const PASSAGE_TOKENS = 160;
const PART_TOKENS = 48;

/**
 * A text that says passages again. How well they are predicted tells whether the model can still look things up in
 * what it read.
 * @param tokens 2,800 or more
 */
export function copyText(
  prose: readonly number[],
  tokens: number,
): { readonly ids: readonly number[]; readonly parts: readonly CopiedPart[] } {
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
  const parts = (group: CopiedPart['group'], repeats: readonly Repeat[]): CopiedPart[] =>
    repeats.flatMap(({ at }) =>
      Array.from({ length: (PASSAGE_TOKENS - LEAD_TOKENS) / PART_TOKENS }, (_, part) => {
        const start = at + LEAD_TOKENS + part * PART_TOKENS;
        return { group, span: [start, start + PART_TOKENS] };
      }),
    );
  return {
    ids: repeatPassages(prose, tokens, [...near, ...far]),
    parts: [...parts('near', near), ...parts('far', far)],
  };
}
