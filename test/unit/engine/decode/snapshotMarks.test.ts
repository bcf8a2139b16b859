import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/engine/cache/index.ts';
import { snapshotMarks } from '../../../../src/engine/decode/snapshotMarks.ts';
import { tinyModel } from '../../../fixtures/tinyGguf.ts';

const plan = makePlan('dense', tinyModel());

describe('marks for snapshots', () => {
  it('stand at the last block that the text fills, not in the question', () => {
    expect(snapshotMarks(plan, [7_000], 7_040)).toEqual([6_912]);
  });

  it('leave at least one token to read', () => {
    expect(snapshotMarks(plan, [1_280], 1_280)).toEqual([1_152]);
    expect(snapshotMarks(plan, [], 128)).toEqual([]);
    expect(snapshotMarks(plan, [], 129)).toEqual([128]);
  });

  it('stand at the end of a prompt that goes on for long after its text', () => {
    expect(snapshotMarks(plan, [2_048], 4_000)).toEqual([2_048, 3_968]);
  });

  it('keep a distance between the ends of many texts, and are few', () => {
    const ends = Array.from({ length: 40 }, (_, index) => 300 * (index + 1));
    const marks = snapshotMarks(plan, ends, 12_050);
    expect(marks.at(-1)).toBe(11_904);
    expect(marks.length).toBeGreaterThan(1);
    expect(marks.length).toBeLessThanOrEqual(5);
    for (const [index, mark] of marks.entries()) {
      expect(mark % 128).toBe(0);
      if (index > 0) expect(mark - marks[index - 1]!).toBeGreaterThanOrEqual(1_024);
    }
  });
});
