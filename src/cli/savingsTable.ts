import type { PlanMatrices, SavingStep } from '#engine/explore/index.ts';

const kinds = ['prose', 'copy', 'retrieval'] as const;
const HEADINGS = ['', 'dropped', 'leaders', 'kept heads', 'prose', 'copying', 'answering'];

/**
 * Lays out what each saving costs: the share of distant keys dropped, the plan that costs least for it,
 * and the attention that lands on other keys; a dash where no query of that kind was sampled. A star marks
 * the plan that was written.
 */
export function savingsTable({ queries, chosen, savings }: PlanMatrices): string {
  const measured = kinds.map((kind) => queries[kind] > 0);
  const others = savings.filter((step) => !isSame(step, chosen));
  const steps = [...others, chosen].sort((a, b) => a.keysDropped - b.keysDropped);
  const rows = [HEADINGS, ...steps.map((step) => cellsOf(step, measured, step === chosen))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}\n`).join('');
}

const isSame = (a: SavingStep, b: SavingStep): boolean =>
  a.keysDropped === b.keysDropped && a.leaders === b.leaders && a.protectedHeads === b.protectedHeads;

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
