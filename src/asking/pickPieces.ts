import {
  type Candidate,
  type PassageIndex,
  type PassageRanking,
  pickPassages,
  sectionAt,
  spreadPassages,
} from '#retrieval/index.ts';
import type { BookInfo, TextSpan } from '#shared/domain/index.ts';
import { joinPieces, type ReadingPiece } from './readingPieces.ts';
import { inScope } from './scopeSpans.ts';
import type { EngineClient } from './services.ts';
import { countTokens } from './tokenCounter.ts';

export interface PickRequest {
  readonly engine: EngineClient;
  readonly info: BookInfo;
  readonly textOf: (span: TextSpan) => string;
  readonly index: PassageIndex;
  readonly ranking: PassageRanking;
  readonly spans: readonly TextSpan[];
  readonly limit: number;
}

/** Tokens of a short passage: so many candidates are counted as could fit if all were short, and some more. */
const SHORT_PASSAGE_TOKENS = 75;

/** Picks passages of the scope by search and gives them back in reading order, neighbours joined. */
export async function pickPieces(request: PickRequest, signal: AbortSignal): Promise<ReadingPiece[]> {
  const { engine, info, textOf, index, ranking, spans, limit } = request;
  const passages = index.spans().filter(inScope(spans));
  const ordinalOf = new Map(passages.map((span, ordinal) => [keyOf(span), ordinal]));
  const sectionOf = (span: TextSpan) => sectionAt(info.sections, { leaf: span.leaf, offset: span.start });

  const wanted = Math.ceil(limit / SHORT_PASSAGE_TOKENS);
  const isSearch = ranking.spans.length > 0;
  const best = (isSearch ? ranking.spans : openings(passages, (span) => sectionOf(span)?.index ?? 0)).slice(0, wanted);
  const ordinals = best.flatMap((span) => ordinalOf.get(keyOf(span)) ?? []);
  const withNeighbours = [...new Set(ordinals.flatMap((ordinal) => [ordinal, ordinal + 1]))].filter(
    (ordinal) => ordinal < passages.length,
  );
  const counts = await countTokens(
    engine,
    withNeighbours.map((ordinal) => textOf(passages[ordinal]!)),
    signal,
  );
  const candidates = new Map<number, Candidate>(
    withNeighbours.map((ordinal, place) => [
      ordinal,
      { ordinal, section: sectionOf(passages[ordinal]!)?.index ?? 0, tokens: counts[place] ?? 0 },
    ]),
  );
  const ranked = ordinals.flatMap((ordinal) => candidates.get(ordinal) ?? []);
  const picked = isSearch
    ? pickPassages(ranked, (ordinal) => candidates.get(ordinal), limit)
    : spreadPassages(ranked, limit);
  const pieces = picked.flatMap((ordinal) => {
    const span = passages[ordinal]!;
    const section = sectionOf(span);
    return section ? [{ section, span, text: textOf(span) }] : [];
  });
  return joinPieces(pieces, textOf);
}

function openings(passages: readonly TextSpan[], sectionOf: (span: TextSpan) => number): TextSpan[] {
  let last = -1;
  return passages.filter((span) => {
    const section = sectionOf(span);
    const opens = section !== last;
    last = section;
    return opens;
  });
}

const keyOf = (span: TextSpan): string => `${span.leaf}:${span.start}`;
