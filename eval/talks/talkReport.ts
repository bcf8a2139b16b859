import { markdownTable } from '../reporting/markdownTable.ts';
import { exactMatch } from '../scoring/answerScores.ts';
import type { TalkResult, TalkTurn } from './talkStore.ts';

/**
 * Conversations as Markdown: for each document the answers side by side, one column a policy, with how each was judged
 * below it, and totals.
 *
 * @param policies in the order of the columns
 */
export function talkReport(results: readonly TalkResult[], policies: readonly string[]): string {
  const sections = [...Map.groupBy(results, ({ document }) => document).values()].map((held) => {
    const columns = policies.flatMap((policy) => held.find((result) => result.policy === policy) ?? []);
    const { title, amount, part } = columns[0]!;
    return [`**${title}** (${readings[amount](part ?? 'the whole document')})`, answers(columns), totals(columns)].join(
      '\n\n',
    );
  });
  return `${[extent(results), ...sections, LEGEND].join('\n\n')}\n`;
}

const readings = {
  brief: (part) => `of ${part}, passages picked for each question`,
  full: (part) => part,
} as const satisfies Record<TalkResult['amount'], (part: string) => string>;

const LEGEND =
  '*passage*: a sentence shown under the answer stands in a paragraph that tells it, found by its words (quoted) or by ' +
  'attention alone (attended); *not read*: search gave the model no such paragraph. *words*: the expected words stand ' +
  'in the answer, and it is not shown as “not found”. [cut]: the answer was longer than was let be written. ' +
  '*same*: word for word, but for case, punctuation and articles. *cache*: mean of the bytes that are allocated when an ' +
  'answer ends, without the *snapshots* from which the next question goes on.';

function answers(columns: readonly TalkResult[]): string {
  const first = columns[0]!;
  const lines = first.turns.map((turn, place) => [
    `${place + 1}. ${cell(turn.question)}<br>*${cell(expected(turn))}*`,
    ...columns.map(({ turns }) => {
      const given = turns[place]!;
      const isSame = given !== turn && given.answer === turn.answer;
      const text = isSame ? `*as \`${first.policy}\`*` : cell(given.answer) + (given.isWhole ? '' : ' [cut]');
      return `${text}<br>${judgement(given)}`;
    }),
  ]);
  return markdownTable(['asked, *expected*', ...columns.map(({ policy }) => `\`${policy}\``)], lines);
}

function totals(columns: readonly TalkResult[]): string {
  const dense = columns.find(({ policy }) => policy === 'dense');
  const lines = columns.map(({ policy, turns }) => {
    const count = (of: (turn: TalkTurn, place: number) => boolean): string =>
      `${turns.filter(of).length}/${turns.length}`;
    const sum = (of: (turn: TalkTurn) => number): number => turns.reduce((total, turn) => total + of(turn), 0);
    return [
      `\`${policy}\``,
      count(({ passage }) => passage !== 'none'),
      count(({ passage }) => passage === 'quoted'),
      count(({ wasRead }) => wasRead),
      count(({ words }) => words),
      dense ? count(({ answer }, place) => exactMatch(answer, [dense.turns[place]!.answer])) : '',
      (sum(({ milliseconds }) => milliseconds) / 1000).toFixed(1),
      `${sum(({ promptTokens, reusedTokens }) => promptTokens - reusedTokens)} of ${sum(({ promptTokens }) => promptTokens)}`,
      ...cacheCells(turns),
    ];
  });
  const titles = ['policy', 'right passage', 'of these quoted', 'passage was read', 'words', 'same as `dense`'];
  return markdownTable([...titles, 'seconds', 'tokens read, of prompts', 'cache, of dense fp16', 'snapshots'], lines);
}

function judgement({ passage, wasRead, words }: TalkTurn): string {
  const found = passage === 'none' ? `✗ passage${wasRead ? '' : ' (not read)'}` : `✓ passage (${passage})`;
  return `${found}, ${words ? '✓' : '✗'} words`;
}

const expected = (turn: TalkTurn): string => turn.expected.map((ways) => ways.join(' or ')).join('; ');

/** Means over the questions for which something was read: the cache without its snapshots, and those. */
function cacheCells(turns: readonly TalkTurn[]): readonly string[] {
  const reading = turns.filter(({ denseFp16Bytes }) => denseFp16Bytes > 0);
  if (reading.length === 0) return ['', ''];
  const mean = (of: (turn: TalkTurn) => number): number =>
    reading.reduce((sum, turn) => sum + of(turn), 0) / reading.length;
  const kept = mean(({ cacheBytes, snapshotBytes }) => cacheBytes - snapshotBytes);
  const share = Math.round((100 * kept) / mean(({ denseFp16Bytes }) => denseFp16Bytes));
  return [`${megabytes(kept)}, ${share} %`, megabytes(mean(({ snapshotBytes }) => snapshotBytes))];
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function extent(results: readonly TalkResult[]): string {
  const models = [...new Set(results.map(({ model }) => `\`${model}\``))].join(', ');
  const dates = results.map(({ date }) => date).sort();
  const when = dates[0] === dates.at(-1) ? dates[0]! : `${dates[0]!} to ${dates.at(-1)!}`;
  return `Model ${models}, ${when}. Each document is asked about in one conversation.`;
}

/** Text in a cell of a table: on one line, and no markup of its own that would break the table. */
const cell = (text: string): string =>
  text.trim().replace(/\s+/gu, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|');
