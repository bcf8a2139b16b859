import type { PlanDocument, SavingStep } from '#engine/explore/index.ts';

const HEADINGS = ['', 'dropped', 'leaders', 'kept heads', 'prose', 'copying', 'answering'];

/**
 * Lays out what each saving costs: the share of distant keys dropped, the plan that costs least for it,
 * and the attention that lands on other keys. A star marks the plan that was written.
 */
export function savingsTable({ matrices, made }: PlanDocument): string {
  const chosen = made.figures['keysDropped'];
  const rows = [HEADINGS, ...matrices.savings.map((step) => cellsOf(step, isClose(step.keysDropped, chosen)))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}\n`).join('');
}

function cellsOf({ keysDropped, leaders, protectedHeads, attentionMoved }: SavingStep, isChosen: boolean): string[] {
  const { prose, copy, retrieval } = attentionMoved;
  return [
    isChosen ? '*' : '',
    percent(keysDropped, 1),
    String(leaders),
    String(protectedHeads),
    ...[prose, copy, retrieval].map((moved) => percent(moved, 2)),
  ];
}

const percent = (share: number, digits: number): string => `${(share * 100).toFixed(digits)}%`;

const isClose = (share: number, other: unknown): boolean => typeof other === 'number' && Math.abs(share - other) < 1e-3;
