import type { TextSpan } from '#shared/domain/index.ts';
import { fuseRankings } from './fuseRankings.ts';
import type { PassageIndex } from './passageIndex.ts';
import { anyOf, type QuestionTerm } from './questionTerms.ts';

/** Passages taken from the index; a brief reading holds ten to twenty. */
const CANDIDATES = 60;
/** First mentions of a word that count: a person or a thing is introduced where it first appears. */
const FIRST_MENTIONS = 3;
/** First mentions say less than the words themselves do. */
const FIRST_MENTION_WEIGHT = 0.5;

/** How much of the book speaks of a term. */
export interface TermPresence {
  readonly term: QuestionTerm;
  /** Passages of the book that hold it. */
  readonly passages: number;
}

export interface PassageRanking {
  /** The best first. Empty when none of the terms occurs. */
  readonly spans: readonly TextSpan[];
  readonly presence: readonly TermPresence[];
}

/**
 * Orders the passages of a book by what they have to do with a question: FTS5 bm25 over any
 * of its terms, fused with the first mentions of its rarest term.
 *
 * @param inScope Which passages may be taken.
 */
export function rankPassages(
  index: PassageIndex,
  terms: readonly QuestionTerm[],
  inScope: (span: TextSpan) => boolean,
): PassageRanking {
  const presence = terms.map((term) => ({ term, passages: index.count(term.expression) }));
  const present = presence.filter(({ passages }) => passages > 0);
  const expression = anyOf(present.map(({ term }) => term));
  if (expression === null) return { spans: [], presence };
  // A scope smaller than the book may hold none of the first few: then all matches are looked at.
  const best = index.match(expression, Number.MAX_SAFE_INTEGER).filter(({ span }) => inScope(span));
  const rarest = present.reduce((one, other) => (other.passages < one.passages ? other : one)).term;
  const first = index.matchInOrder(rarest.expression).filter(({ span }) => inScope(span));
  const byKey = new Map([...best, ...first].map(({ span }) => [keyOf(span), span]));
  const fused = fuseRankings([
    { keys: best.slice(0, CANDIDATES).map(({ span }) => keyOf(span)) },
    { keys: first.slice(0, FIRST_MENTIONS).map(({ span }) => keyOf(span)), weight: FIRST_MENTION_WEIGHT },
  ]);
  return { spans: fused.flatMap(({ key }) => byKey.get(key) ?? []), presence };
}

const keyOf = (span: TextSpan): string => `${span.leaf}:${span.start}`;
