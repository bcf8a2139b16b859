import type { QueryKind } from './logitSample.ts';
import { type Repeat, repeatPassages } from './repeatPassages.ts';
import { spreadPositions } from './spreadPositions.ts';

/** A text to prefill, and the queries to sample in it. */
export interface CalibrationSequence {
  readonly ids: readonly number[];
  /** Ascending by position. */
  readonly queries: readonly { readonly kind: QueryKind; readonly position: number }[];
}

export interface CalibrationOptions {
  /** @default 4 */
  readonly sequences?: number;
  /** Length of each sequence. @default 4096 */
  readonly tokens?: number;
  /** Queries of each kind in each sequence. @default 8 */
  readonly queriesPerKind?: number;
  /** Uniform numbers in [0, 1). */
  readonly random: () => number;
}

/** Tokens of a repeated passage after which it is clear to the model that it is repeated. */
const COPY_LEAD_TOKENS = 16;
const PASSAGE_TOKENS = 160;
/** Queries with few distant keys say little about sharing them. */
const FIRST_QUERY = 1024;
/** How far back the near one of the two repeats reaches. */
const NEAR_REPEAT = { least: 700, most: 1200 };

/**
 * Cuts sequences from all over a book and weaves two repeats into each: one passage some
 * 700 to 1,200 tokens back and one a half to two thirds of the sequence back; in sequences below 3,000
 * tokens all of it is proportionally shorter. Prose and copying are sampled
 * equally often, for a plan made on prose alone destroys copying.
 * @param book token ids of the whole calibration text
 * @throws {RangeError} when the book is too short for that many sequences
 */
export function calibrationSequences(book: readonly number[], options: CalibrationOptions): CalibrationSequence[] {
  const { sequences = 4, tokens = 4096, queriesPerKind = 8, random } = options;
  const stride = Math.floor(book.length / sequences);
  const passageTokens = Math.min(PASSAGE_TOKENS, Math.floor(tokens / 16));
  const firstQuery = Math.min(FIRST_QUERY, Math.floor(tokens * 0.35));
  const nearRepeat = {
    least: Math.min(NEAR_REPEAT.least, Math.floor(tokens * 0.24)),
    most: Math.min(NEAR_REPEAT.most, Math.floor(tokens * 0.4)),
  };
  return Array.from({ length: sequences }, (_, i) => {
    const slack = Math.max(0, stride - tokens);
    const start = i * stride + Math.floor(random() * slack);
    const repeats = [
      {
        at: Math.floor(tokens * 0.45),
        distance: between(nearRepeat.least, nearRepeat.most, random),
        tokens: passageTokens,
      },
      {
        at: tokens - passageTokens,
        distance: between(Math.floor(tokens / 2), Math.floor((tokens * 2) / 3), random),
        tokens: passageTokens,
      },
    ];
    const copies = repeats.flatMap(({ at, tokens: length }) =>
      Array.from({ length: length - COPY_LEAD_TOKENS }, (_, offset) => at + COPY_LEAD_TOKENS + offset),
    );
    const prose = Array.from({ length: tokens - firstQuery }, (_, offset) => firstQuery + offset).filter(
      (position) => !repeats.some((repeat) => isInside(position, repeat)),
    );
    const queries = [
      ...spreadPositions(copies, queriesPerKind, random).map((position) => ({ kind: 'copy' as const, position })),
      ...spreadPositions(prose, queriesPerKind, random).map((position) => ({ kind: 'prose' as const, position })),
    ].sort((a, b) => a.position - b.position);
    return { ids: repeatPassages(book.slice(start, start + tokens), tokens, repeats), queries };
  });
}

const isInside = (position: number, { at, tokens }: Repeat): boolean => position >= at && position < at + tokens;

const between = (low: number, high: number, random: () => number): number => low + Math.floor(random() * (high - low));
