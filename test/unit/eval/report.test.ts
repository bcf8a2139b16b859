import { describe, expect, it } from 'vitest';
import { report } from '../../../eval/reporting/report.ts';
import { evalResults } from '../../fixtures/evalResults.ts';

const rows = ['dense', 'pod+select', 'pod'].map((name) => ({
  name,
  summary: `the row ${name}`,
  plan: () => {
    throw new Error('a report makes no plan');
  },
}));

/** The cells of a policy's line in the table under a title. */
function cellsOf(markdown: string, title: string, policy: string): string[] {
  const table = markdown.slice(markdown.indexOf(`**${title}`)).split('\n\n')[1]!;
  const line = table.split('\n').find((each) => each.startsWith(`| \`${policy}\``))!;
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('the tables', () => {
  const markdown = report(evalResults, rows);

  it('tell a loss item by item from chance that hides in the intervals of the means', () => {
    const [, read] = cellsOf(markdown, 'Running text', 'pod+select');
    expect(read).not.toContain('▼');
    const [readOver, writtenOver] = cellsOf(markdown, 'Loss over dense', 'pod+select');
    expect(readOver).toMatch(/^0\.010 \(0\.00\d to 0\.01\d\) ▼$/);
    expect(writtenOver).toMatch(/^0\.020 \(.*\) ▼$/);
  });

  it('hold no line of dense over itself', () => {
    const section = markdown.slice(markdown.indexOf('**Loss over dense')).split('\n\n')[1]!;
    expect(section).toContain('| `pod`');
    expect(section).not.toContain('| `dense`');
  });

  it('mark no loss whose interval holds zero', () => {
    const same = evalResults.map((result) => {
      const dense = evalResults.find(
        ({ row, task, document }) => row === 'dense' && task === result.task && document === result.document,
      )!;
      return { ...result, items: dense.items };
    });
    const [read] = cellsOf(report(same, rows), 'Loss over dense', 'pod');
    expect(read).toBe('0.000 (0.000 to 0.000)');
  });
});
