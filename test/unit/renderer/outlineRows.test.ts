import { expect, it } from 'vitest';
import { ancestorsOf, outlineIndexAt, outlineRows } from '../../../src/renderer/features/outline/outlineRows.ts';
import { leafIndex, type OutlineEntry } from '../../../src/shared/domain/index.ts';

const entry = (title: string, depth: number, leaf: number): OutlineEntry => ({
  title,
  depth,
  target: { leaf: leafIndex(leaf), offset: 0 },
});
const outline = [
  entry('Part One', 0, 0),
  entry('Loomings', 1, 1),
  entry('The Carpet-Bag', 1, 4),
  entry('Part Two', 0, 9),
  entry('The Whale', 1, 10),
  entry('A Whale’s Tail', 2, 11),
];
const titles = (filter: string, ...expanded: number[]): string[] =>
  outlineRows(outline, filter, new Set(expanded)).map((row) => row.entry.title);

it('shows what is unfolded, and nothing under a folded entry', () => {
  expect(titles('')).toEqual(['Part One', 'Part Two']);
  expect(titles('', 0)).toEqual(['Part One', 'Loomings', 'The Carpet-Bag', 'Part Two']);
  expect(titles('', 4)).toEqual(['Part One', 'Part Two']);
  expect(titles('', 3, 4)).toEqual(['Part One', 'Part Two', 'The Whale', 'A Whale’s Tail']);
});

it('filters by words anywhere in the tree, whatever their case, and says where they stand', () => {
  const rows = outlineRows(outline, ' whale ', new Set());
  expect(rows.map(({ index, match }) => [index, match])).toEqual([
    [4, [4, 9]],
    [5, [2, 7]],
  ]);
});

it('finds the entry a place belongs to, and its ancestors', () => {
  expect(outlineIndexAt(outline, { leaf: leafIndex(5), offset: 3 })).toBe(2);
  expect(outlineIndexAt(outline, null)).toBe(-1);
  expect(ancestorsOf(outline, 5)).toEqual([3, 4]);
});
