import type { EvalRow } from '../config.ts';
import type { MeanInterval } from '../scoring/bootstrapInterval.ts';
import {
  answerColumns,
  type Column,
  cacheShare,
  columnFigure,
  isBelow,
  LEAST_ITEMS,
  likeliestColumns,
  retrievalLossColumns,
  textColumns,
} from './columns.ts';
import { lossOverDense } from './lossOverDense.ts';
import { markdownTable } from './markdownTable.ts';
import type { EvalResult } from './resultStore.ts';

/** Behind figures that are worse than dense's whole interval. */
const BELOW = ' ▼';

/**
 * Results as Markdown tables. The first row, dense, has its 95 % intervals; others are marked where they fall below.
 * Columns and rows of which nothing was measured are left out.
 */
export function report(results: readonly EvalResult[], rows: readonly EvalRow[]): string {
  const measured = rows.filter(({ name }) => results.some(({ row }) => row === name));
  const sections: [string, readonly Column[]][] = [
    ['Running text', textColumns],
    ['Facts in a text: how often the right word is likelier than all wrong ones', likeliestColumns],
    ['Facts in a text: loss of the right word, nats a token', retrievalLossColumns],
    ['Questions on passages', answerColumns],
  ];
  const tables = sections.flatMap(([title, columns]) => {
    const table = columnTable(results, measured, columns);
    return table ? [`**${title}**\n\n${table}`] : [];
  });
  const pairs = pairTable(results, measured);
  if (pairs)
    tables.push(`**Loss over dense, item by item, nats a token (▼: its interval is all above 0)**\n\n${pairs}`);
  const grid = needleGrid(results, measured);
  if (grid) tables.push(`**Needles by length and depth: loss, nats a token**\n\n${grid}`);
  const legend = measured.map(({ name, summary }) => `- \`${name}\`: ${summary}.`).join('\n');
  return `${[extent(results), ...tables, legend].join('\n\n')}\n`;
}

function columnTable(
  results: readonly EvalResult[],
  rows: readonly EvalRow[],
  columns: readonly Column[],
): string | null {
  const dense = columns.map((column) => columnFigure(results, rows[0]!.name, column));
  const shown = columns.filter((_, index) => dense[index]);
  if (shown.length === 0) return null;
  const baseline = dense.filter((figure) => figure !== null);
  const lines = rows.map(({ name }, place) => {
    const share = cacheShare(results, name);
    const cells = shown.map((column, index) => {
      const figure = columnFigure(results, name, column);
      if (!figure) return '';
      const text = format(column, figure.mean);
      if (place > 0) return text + (isBelow(column, figure, baseline[index]!) ? BELOW : '');
      return figure.low === figure.high
        ? text
        : `${text} (${format(column, figure.low)} to ${format(column, figure.high)})`;
    });
    return [`\`${name}\``, share === null ? '' : `${Math.round(100 * share)} %`, ...cells];
  });
  return markdownTable(['policy', 'cache, of dense fp16', ...shown.map(({ title }) => title)], lines);
}

/** What each row loses over dense on the same items: of all columns of losses that tell more than one row. */
function pairTable(results: readonly EvalResult[], rows: readonly EvalRow[]): string | null {
  const columns = [...textColumns, ...retrievalLossColumns, ...answerColumns].filter(
    ({ value }) => value === 'lossNats',
  );
  const table = rows.slice(1).map(({ name }) => columns.map((column) => lossOverDense(results, name, column)));
  const shown = columns.filter((_, index) => table.some((figures) => figures[index]));
  if (shown.length === 0) return null;
  const lines = table.map((figures, place) => {
    const cells = figures.flatMap((figure, index) => (shown.includes(columns[index]!) ? [pairCell(figure)] : []));
    return [`\`${rows[place + 1]!.name}\``, ...cells];
  });
  const titles = shown.map(({ title, format: as }) =>
    as === 'perplexity' ? title.replace('perplexity, ', '') : title,
  );
  return markdownTable(['policy', ...titles], lines);
}

function pairCell(figure: MeanInterval | null): string {
  if (!figure) return '';
  const [mean, low, high] = [figure.mean, figure.low, figure.high].map((nats) => nats.toFixed(3));
  if (figure.items < LEAST_ITEMS) return mean!;
  return `${mean} (${low} to ${high})${figure.low > 0 ? BELOW : ''}`;
}

/** Mean loss of needles, for each length in the four quarters of the text. */
function needleGrid(results: readonly EvalResult[], rows: readonly EvalRow[]): string | null {
  const needles = results.filter(({ task }) => task === 'needle');
  const lengths = [...new Set(needles.map(({ contextTokens }) => contextTokens))].sort((a, b) => a - b);
  if (lengths.length === 0) return null;
  const quarters = [0, 1, 2, 3];
  const lines = rows.map(({ name }) => [
    `\`${name}\``,
    ...lengths.flatMap((length) =>
      quarters.map((quarter) => {
        const losses = needles
          .filter(({ row, contextTokens }) => row === name && contextTokens === length)
          .flatMap(({ items }) => items)
          .filter(({ depth }) => depth !== undefined && Math.min(3, Math.floor(4 * depth)) === quarter)
          .flatMap(({ values }) => values['lossNats'] ?? []);
        return losses.length === 0 ? '' : (losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toFixed(2);
      }),
    ),
  ]);
  const titles = lengths.flatMap((length) =>
    quarters.map((quarter) => `${length}: ${25 * quarter} to ${25 * (quarter + 1)} %`),
  );
  return markdownTable(['policy', ...titles], lines);
}

/** What was measured, in one sentence. */
function extent(results: readonly EvalResult[]): string {
  const models = [...new Set(results.map(({ model }) => model))].join(', ');
  const items = new Map<string, number>();
  for (const { task, row, items: scored } of results) {
    if (row === results[0]!.row) items.set(task, (items.get(task) ?? 0) + scored.length);
  }
  const counts = [...items].map(([task, count]) => `${task} ${count}`).join(', ');
  const dates = results.map(({ date }) => date).sort();
  const when = dates[0] === dates.at(-1) ? dates[0]! : `${dates[0]!} to ${dates.at(-1)!}`;
  return `Model \`${models}\`, ${when}. Items: ${counts}. ▼: worse than all of dense's 95 % interval.`;
}

function format({ format: as }: Column, value: MeanInterval['mean']): string {
  if (as === 'percent') return `${Math.round(100 * value)} %`;
  return as === 'perplexity' ? Math.exp(value).toFixed(2) : value.toFixed(3);
}
