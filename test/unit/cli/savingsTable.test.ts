import { expect, it } from 'vitest';
import { savingsTable } from '#cli/savingsTable.ts';
import type { PlanDocument, SavingStep } from '#engine/explore/index.ts';

const step = (keysDropped: number, moved: number): SavingStep => ({
  keysDropped,
  leaders: 10,
  protectedHeads: 4,
  attentionMoved: { prose: moved, copy: moved / 2, retrieval: 0 },
});
const document = {
  made: { figures: { keysDropped: 0.3333 } },
  matrices: { queries: { prose: 32, copy: 32, retrieval: 0 }, savings: [step(0.1667, 0.004), step(0.3333, 0.0123)] },
} as unknown as PlanDocument;

it('marks the plan that was written, and has no number where nothing was measured', () => {
  expect(savingsTable(document).split('\n')).toEqual([
    '   dropped  leaders  kept heads  prose  copying  answering',
    '     16.7%       10           4  0.40%    0.20%          -',
    '*    33.3%       10           4  1.23%    0.61%          -',
    '',
  ]);
});
