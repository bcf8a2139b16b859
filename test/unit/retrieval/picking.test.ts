import { describe, expect, test } from 'vitest';
import { fuseRankings } from '#retrieval/fuseRankings.ts';
import { type Candidate, pickPassages, sectionAt, spreadPassages } from '#retrieval/index.ts';
import { memoryBook } from '../../fakes/memoryDocuments.ts';

const candidate = (ordinal: number, section = ordinal, tokens = 100): Candidate => ({ ordinal, section, tokens });

describe('fuseRankings', () => {
  test('what two rankings agree on comes before what one puts first', () => {
    const fused = fuseRankings([{ keys: ['a', 'b', 'c'] }, { keys: ['b', 'd'] }]);
    expect(fused.map(({ key }) => key)).toEqual(['b', 'a', 'd', 'c']);
  });

  test('a light ranking moves little', () => {
    const fused = fuseRankings([{ keys: ['a', 'b'] }, { keys: ['c'], weight: 0.1 }]);
    expect(fused.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });
});

describe('pickPassages', () => {
  test('stays under the budget, in reading order', () => {
    const ranked = [9, 2, 5, 30, 12].map((ordinal) => candidate(ordinal));
    const picked = pickPassages(ranked, () => undefined, 300);
    expect(picked).toEqual([2, 5, 9]);
  });

  test('adds what follows the best passage', () => {
    const all = (ordinal: number): Candidate => candidate(ordinal, 0);
    expect(pickPassages([candidate(4, 0), candidate(8, 1), candidate(20, 2)], all, 400)).toEqual([4, 5, 8, 20]);
  });

  test('lets no section take everything while others have something to say', () => {
    const ranked = [0, 2, 4, 6, 8].map((ordinal) => candidate(ordinal, 0)).concat(candidate(50, 7));
    expect(pickPassages(ranked, () => undefined, 400)).toContain(50);
  });

  test('gives the whole budget to one section when it is the only one', () => {
    const ranked = [0, 2, 4, 6].map((ordinal) => candidate(ordinal, 0));
    expect(pickPassages(ranked, () => undefined, 400)).toHaveLength(4);
  });

  test('picks nothing when nothing fits', () => {
    expect(pickPassages([candidate(0, 0, 900)], () => undefined, 400)).toEqual([]);
  });
});

describe('spreadPassages', () => {
  test('takes openings evenly, the first among them', () => {
    const openings = Array.from({ length: 40 }, (_, ordinal) => candidate(ordinal));
    expect(spreadPassages(openings, 400)).toEqual([0, 10, 20, 30]);
  });

  test('takes all when all fit', () => {
    expect(spreadPassages([candidate(0), candidate(1)], 1_000)).toEqual([0, 1]);
  });
});

test('sectionAt finds the section of a place, also in front of the first', () => {
  const { sections } = memoryBook('B', [
    { title: 'One', text: '' },
    { title: 'Two', text: '' },
  ]);
  expect(sectionAt(sections, { leaf: sections[1]!.start.leaf, offset: 7 })?.title).toBe('Two');
  expect(sectionAt(sections.slice(1), sections[0]!.start)?.title).toBe('Two');
  expect(sectionAt([], sections[0]!.start)).toBeUndefined();
});
