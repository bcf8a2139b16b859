import type { BookId, ReadingAmount, Scope, ScopeEstimate } from '#shared/domain/index.ts';
import type { AskServices } from './askBook.ts';
import { readingBudget } from './readingBudget.ts';
import { BRIEF_READING_TOKENS, BRIEF_SLACK, PROMPT_RESERVE_TOKENS } from './readingLimits.ts';
import { readingPieces } from './readingPieces.ts';
import { scopeSpans } from './scopeSpans.ts';
import { totalTokens } from './tokenCounter.ts';

/**
 * What reading a scope would take, from the text that has been extracted so far. Pages and
 * chapters are extracted for it; a whole book is not waited for.
 */
export async function estimateScope(
  { engine, shelf, library }: AskServices,
  request: {
    readonly book: BookId;
    readonly scope: Scope;
    readonly amount?: ReadingAmount | undefined;
    readonly contextTokens: number;
  },
  signal: AbortSignal,
): Promise<ScopeEstimate> {
  const { book, scope, contextTokens } = request;
  const info = shelf.info(book);
  const stored = new Set(library.texts.stored(book));
  const isWhole = scope.kind === 'whole';
  const spans = scopeSpans(info, scope).filter(({ leaf }) => !isWhole || stored.has(leaf));
  const pieces = await readingPieces(shelf, info, spans, signal);
  const texts = pieces.map(({ text }) => text);
  const { tokens } = await totalTokens(engine, texts, signal);
  const budget = await readingBudget(engine, contextTokens, signal);
  const isBrief = isWhole && (request.amount ?? 'brief') === 'brief';
  const isPicked = isBrief && tokens > BRIEF_READING_TOKENS * BRIEF_SLACK;
  const readTokens = Math.min(tokens, budget.tokens, isPicked ? BRIEF_READING_TOKENS : budget.tokens);
  const bytes = await engine.call('budget', { tokens: readTokens + PROMPT_RESERVE_TOKENS }, { signal });
  return {
    status: isWhole && stored.size < info.leaves.length ? 'partial' : 'ok',
    tokens,
    contextTokens,
    fits: tokens <= budget.tokens,
    readTokens,
    cacheBytes: bytes.cacheBytes,
    denseFp16Bytes: bytes.denseFp16Bytes,
    leavesExtracted: library.texts.stored(book).length,
    leafCount: info.leaves.length,
  };
}
