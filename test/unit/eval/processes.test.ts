import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EvalUnit } from '../../../eval/running/evalUnits.ts';
import { measureInProcesses } from '../../../eval/running/measureInProcesses.ts';
import { shareDocuments } from '../../../eval/running/shareDocuments.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-eval-processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A measuring process: tells how far it is, and then does what it is told by its argument. */
const script = join(folder, 'part.mjs');
writeFileSync(
  script,
  `process.once('disconnect', () => process.exit(130));
   if (!process.connected) process.exit(130);
   process.send({ doneTokens: 1, totalTokens: 10 }, () => undefined);
   if (process.argv[2] === 'ends') process.send({ doneTokens: 10, totalTokens: 10 }, () => process.exit(0));
   if (process.argv[2] === 'fails') process.exit(3);
   setInterval(() => undefined, 1000);`,
);

const run = (names: readonly string[], signal = new AbortController().signal) => {
  const told: (readonly [number, number])[] = [];
  const onProgress = (done: number, total: number): void => {
    told.push([done, total]);
  };
  const ended = measureInProcesses({ script, argumentLists: names.map((name) => [name]), signal, onProgress });
  return { ended, told };
};

describe('measuring in several processes', () => {
  it('tells how far they are together', async () => {
    const { ended, told } = run(['ends', 'ends']);
    await ended;
    expect(told.at(-1)).toEqual([20, 20]);
  });

  it('stops the others when one fails, and says so', async () => {
    await expect(run(['fails', 'goes on']).ended).rejects.toThrow(
      /2 of 2 measuring processes ended with 3, 130.*goes on from here/u,
    );
  });

  it('stops all of them when it is stopped', async () => {
    const stop = new AbortController();
    const { ended } = run(['goes on', 'goes on'], stop.signal);
    setTimeout(() => stop.abort(), 200);
    await expect(ended).rejects.toThrow(/abort/iu);
  });
});

describe('texts of a run', () => {
  const units = (tokens: Readonly<Record<string, readonly number[]>>): EvalUnit[] =>
    Object.entries(tokens).flatMap(([document, counts]) =>
      counts.map((workTokens) => ({ document, workTokens }) as unknown as EvalUnit),
    );

  it('are divided so that each process has about as much to do', () => {
    const shares = shareDocuments(units({ prose: [20], copy: [30], haystack: [20, 2, 2], qa: [22] }), 2);
    expect(shares).toEqual([
      ['copy', 'prose'],
      ['haystack', 'qa'],
    ]);
  });

  it('leave no process without work', () => {
    expect(shareDocuments(units({ prose: [20] }), 4)).toEqual([['prose']]);
    expect(shareDocuments([], 4)).toEqual([]);
  });
});
