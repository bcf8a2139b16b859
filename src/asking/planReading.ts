import type { Library } from '#library/index.ts';
import { type PassageRanking, questionTerms, rankPassages } from '#retrieval/index.ts';
import type { BookId, BookInfo, LeafIndex, ReadingAmount, ReadSection, Scope, TextSpan } from '#shared/domain/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import type { BookShelf } from './bookShelf.ts';
import { libraryIndex } from './libraryIndex.ts';
import { pickPieces } from './pickPieces.ts';
import { readingBudget } from './readingBudget.ts';
import { BRIEF_READING_TOKENS, BRIEF_SLACK } from './readingLimits.ts';
import { type ReadingPiece, readingPieces } from './readingPieces.ts';
import { readingStatement } from './readingStatement.ts';
import { readSections } from './readSections.ts';
import { inScope, scopeSpans } from './scopeSpans.ts';
import type { EngineClient, ShelfServices } from './services.ts';
import { countTokens, totalTokens } from './tokenCounter.ts';

/** What a question is going to read, and what that leaves out. */
export interface ReadingPlan {
  readonly reading: 'all' | 'picked';
  readonly pieces: readonly ReadingPiece[];
  readonly sections: readonly ReadSection[];
  readonly statement: string;
  /** What search knows of the question's words in the whole book. */
  readonly ranking: PassageRanking;
}

export interface PlanRequest {
  readonly info: BookInfo;
  readonly scope: Scope;
  readonly amount: ReadingAmount;
  readonly question: string;
  /** The question before, for one that leans on it; its words are searched for as well. */
  readonly earlierQuestion: string | null;
  readonly contextTokens: number;
}

/**
 * Decides what is read: all of the scope when it fits, else passages picked by search.
 * @throws {DocumentError} `document/noText` when the scope holds no words.
 */
export async function planReading(
  services: ShelfServices & { readonly engine: EngineClient; readonly shelf: BookShelf },
  request: PlanRequest,
  signal: AbortSignal,
): Promise<ReadingPlan> {
  const { engine, shelf, library } = services;
  const { info, scope } = request;
  if (scope.kind === 'whole') await shelf.extracted(info.id, signal);
  const spans = scopeSpans(info, scope);
  const pieces = await readingPieces(shelf, info, spans, signal);
  if (pieces.length === 0) throw noText(scope);

  const index = libraryIndex(library, info.id);
  const ranking = rankPassages(index, termsOf(request), inScope(spans));
  const budget = await readingBudget(engine, request.contextTokens, signal);
  const isBrief = scope.kind === 'whole' && request.amount === 'brief' && BRIEF_READING_TOKENS < budget.tokens;
  const limit = isBrief ? BRIEF_READING_TOKENS : budget.tokens;
  const texts = pieces.map(({ text }) => text);
  const total = await totalTokens(engine, texts, signal);
  const fits = total.tokens <= (isBrief ? Math.min(budget.tokens, limit * BRIEF_SLACK) : limit);
  const reading = total.exact && fits ? 'all' : 'picked';
  const textOf = leafReader(library, info.id);
  const chosen =
    reading === 'all' ? pieces : await pickPieces({ engine, info, textOf, index, ranking, spans, limit }, signal);
  const counts = await countTokens(
    engine,
    chosen.map(({ text }) => text),
    signal,
  );
  const sections = readSections(chosen, counts, pieces);
  const statement = readingStatement({
    info,
    scope,
    reading,
    sections,
    pieces: chosen,
    total,
    ranking,
    budget,
    isBrief,
  });
  return { reading, pieces: chosen, sections, statement, ranking };
}

/** Reads stretches of leaves that are in the library, each leaf once. */
function leafReader({ texts }: Library, book: BookId): (span: TextSpan) => string {
  const leaves = new Map<LeafIndex, string>();
  return ({ leaf, start, end }) => {
    const text = leaves.get(leaf) ?? texts.leaf(book, leaf)?.text ?? '';
    leaves.set(leaf, text);
    return text.slice(start, end);
  };
}

function termsOf({ question, earlierQuestion, info }: PlanRequest): ReturnType<typeof questionTerms> {
  return questionTerms(earlierQuestion === null ? question : `${question} ${earlierQuestion}`, info.language);
}

function noText(scope: Scope): DocumentError {
  const what = scope.kind === 'whole' ? 'The document holds' : 'The chosen part holds';
  return new DocumentError('document/noText', `${what} no words: it is empty or a picture without a text layer.`, {
    advice: 'Choose a part with text, or make the document searchable with a text recognition program first.',
  });
}
