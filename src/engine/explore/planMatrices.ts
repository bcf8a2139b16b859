import { byKind, type LogitSample } from './logitSample.ts';
import type { PairTable } from './pairTable.ts';
import type { PlanMatrices, SavingStep } from './planDocument.ts';
import type { SharingSearch } from './planSearch.ts';

/** Digits of a share after the point: finer than a sample of some hundred queries can tell. */
const SHARE_DIGITS = 4;

/**
 * Rounds what was measured, for the file of the plan.
 * @param layers the layers of the model that the table's stand for
 */
export function planMatrices(
  layers: readonly number[],
  sample: LogitSample,
  table: PairTable,
  divergence: readonly (readonly (readonly number[] | null)[])[],
  { chosen, savings }: { readonly chosen: SharingSearch; readonly savings: readonly SharingSearch[] },
): PlanMatrices {
  const { kvHeads } = table.shape;
  const errors = (kind: 'prose' | 'copy' | 'retrieval'): (number | null)[][] =>
    table.fits.map((row) =>
      row.map((pair) => pair && rounded(pair.reduce((sum, { error }) => sum + error[kind], 0) / kvHeads)),
    );
  return {
    layers,
    queries: byKind((kind) => sample.queries.filter((query) => query.kind === kind).length),
    chosen: savingStep(table, chosen),
    savings: savings.map((found) => savingStep(table, found)),
    errors: { prose: errors('prose'), copy: errors('copy'), retrieval: errors('retrieval') },
    divergence: divergence.map((row) => row.map((heads) => heads && heads.map(rounded))),
  };
}

function savingStep({ shape }: PairTable, { keysDropped, blocks, protected: kept, error }: SharingSearch): SavingStep {
  return {
    keysDropped: rounded(keysDropped),
    leaders: blocks.length,
    protectedHeads: kept.length,
    attentionMoved: byKind((kind) => rounded(error[kind] / (shape.layers * shape.kvHeads))),
  };
}

const rounded = (share: number): number => Number(share.toFixed(SHARE_DIGITS));
