import { describe, expect, it } from 'vitest';
import { MAX_SCROLL_PX, ScrollScale } from '../../../src/frame/scrolling/scrollScale.ts';

describe('ScrollScale', () => {
  it('changes nothing where the book fits', () => {
    const scale = new ScrollScale(5_000_000);
    expect(scale.isScaled).toBe(false);
    expect(scale.toBook(123_456)).toBe(123_456);
    expect(scale.toBar(4_999_999)).toBe(4_999_999);
  });

  it('never makes the box taller than a browser scrolls', () => {
    expect(new ScrollScale(200_000_000).barPx).toBe(MAX_SCROLL_PX);
  });

  it('is one to one at both ends', () => {
    const scale = new ScrollScale(90_000_000);
    expect(scale.toBook(500)).toBe(500);
    expect(scale.toBook(scale.barPx - 500)).toBe(scale.bookPx - 500);
  });

  it('goes there and back, and only ever forward', () => {
    const scale = new ScrollScale(90_000_000);
    let last = -1;
    for (let book = 0; book <= scale.bookPx; book += 777_777) {
      const bar = scale.toBar(book);
      expect(bar).toBeGreaterThan(last);
      expect(scale.toBook(bar)).toBeCloseTo(book, 3);
      last = bar;
    }
  });
});
