import type { PlanDocument, SavingStep } from '#engine/explore/index.ts';

const kinds = ['prose', 'copy', 'retrieval'] as const;
const HEADINGS = ['', 'dropped', 'leaders', 'kept heads', 'prose', 'copying', 'answering'];

/**
 * Lays out what each saving costs: the share of distant keys dropped, the plan that costs least for it,
 * and the attention that lands on other keys; a dash where no query of that kind was sampled. A star marks
 * the plan that was written.
 */
export function savingsTable({ matrices, made }: PlanDocument): string {
  const chosen = made.figures['keysDropped'];
  const measured = kinds.map((kind) => matrices.queries[kind] > 0);
  const rows = [
    HEADINGS,
    ...matrices.savings.map((step) => cellsOf(step, measured, isClose(step.keysDropped, chosen))),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}\n`).join('');
}

function cellsOf(
  { keysDropped, leaders, protectedHeads, attentionMoved }: SavingStep,
  measured: readonly boolean[],
  isChosen: boolean,
): string[] {
  return [
    isChosen ? '*' : '',
    percent(keysDropped, 1),
    String(leaders),
    String(protectedHeads),
    ...kinds.map((kind, index) => (measured[index] ? percent(attentionMoved[kind], 2) : '-')),
  ];
}

const percent = (share: number, digits: number): string => `${(share * 100).toFixed(digits)}%`;

const isClose = (share: number, other: unknown): boolean => typeof other === 'number' && Math.abs(share - other) < 1e-3;
