import { describe, expect, it } from 'vitest';
import { type Box, lineRects } from '../../../src/frame/marks/lineRects.ts';

const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });

describe('lineRects', () => {
  it('joins words on a line across the space between them', () => {
    expect(lineRects([box(0, 0, 30, 10), box(34, 0, 60, 10), box(64, 1, 80, 9)])).toEqual([box(0, 0, 80, 10)]);
  });

  it('keeps lines apart', () => {
    expect(lineRects([box(0, 0, 90, 10), box(0, 12, 40, 22)])).toHaveLength(2);
  });

  it('keeps the columns of a page apart', () => {
    expect(lineRects([box(0, 0, 90, 10), box(140, 0, 230, 10)])).toHaveLength(2);
  });

  it('paints a raised figure with its line', () => {
    expect(lineRects([box(0, 4, 50, 14), box(50, 2, 54, 9)])).toEqual([box(0, 2, 54, 14)]);
  });

  it('leaves out boxes without extent', () => {
    expect(lineRects([box(5, 5, 5, 15), box(0, 0, 10, 0)])).toEqual([]);
  });
});
