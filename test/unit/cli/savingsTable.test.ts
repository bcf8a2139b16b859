import { expect, it } from 'vitest';
import { savingsTable } from '#cli/savingsTable.ts';
import type { PlanMatrices, SavingStep } from '#engine/explore/index.ts';

const step = (keysDropped: number, leaders: number, moved: number): SavingStep => ({
  keysDropped,
  leaders,
  protectedHeads: 4,
  attentionMoved: { prose: moved, copy: moved / 2, retrieval: 0 },
});
const matrices = (chosen: SavingStep): PlanMatrices => ({
  layers: [],
  queries: { prose: 32, copy: 32, retrieval: 0 },
  chosen,
  savings: [step(0.1667, 12, 0.004), step(0.3333, 10, 0.0123)],
  errors: { prose: [], copy: [], retrieval: [] },
  divergence: [],
});

it('marks the plan that was written, and has no number where nothing was measured', () => {
  expect(savingsTable(matrices(step(0.3333, 10, 0.0123))).split('\n')).toEqual([
    '   dropped  leaders  kept heads  prose  copying  answering',
    '     16.7%       12           4  0.40%    0.20%          -',
    '*    33.3%       10           4  1.23%    0.61%          -',
    '',
  ]);
});

it('tells a plan that was asked for from the best one of the same saving', () => {
  const marked = savingsTable(matrices(step(0.3333, 9, 0.02)))
    .split('\n')
    .slice(2, 4);
  expect(marked.map((row) => row.replace(/ +/g, ' '))).toEqual([
    ' 33.3% 10 4 1.23% 0.61% -',
    '* 33.3% 9 4 2.00% 1.00% -',
  ]);
});
