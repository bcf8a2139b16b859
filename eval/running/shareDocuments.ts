import type { EvalUnit } from './evalUnits.ts';

/**
 * Divides the texts of a run among processes, so that each has about as much to do: the longest first, each to the one
 * that has the least so far.
 * @returns names of documents, one list for each process that has something to do
 */
export function shareDocuments(units: readonly EvalUnit[], processes: number): readonly (readonly string[])[] {
  const tokens = new Map<string, number>();
  for (const { document, workTokens } of units) tokens.set(document, (tokens.get(document) ?? 0) + workTokens);
  const shares = Array.from({ length: processes }, () => ({ tokens: 0, documents: [] as string[] }));
  for (const [document, count] of [...tokens].sort(([, a], [, b]) => b - a)) {
    const least = shares.reduce((found, share) => (share.tokens < found.tokens ? share : found));
    least.tokens += count;
    least.documents.push(document);
  }
  return shares.map(({ documents }) => documents).filter((documents) => documents.length > 0);
}
