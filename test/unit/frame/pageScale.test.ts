import { describe, expect, it } from 'vitest';
import { scaleFor, wishFor } from '../../../src/frame/pdf/pageScale.ts';

describe('scaleFor', () => {
  it('opens a page as wide as a narrow frame, and no wider than reads well in a wide one', () => {
    expect(scaleFor('comfortable', 800, 432)).toBe(0.5);
    expect(scaleFor('comfortable', 800, 4000)).toBeLessThan(1.5);
  });

  it('fills the width when asked', () => {
    expect(scaleFor('width', 800, 2432)).toBe(3);
  });

  it('stays between what can be read and what can be painted', () => {
    expect(scaleFor(1000, 800, 800)).toBeLessThan(10);
    expect(scaleFor(0, 800, 800)).toBeGreaterThan(0);
    expect(scaleFor(Number.NaN, 800, 800)).toBe(1);
  });
});

describe('wishFor', () => {
  it('steps in and out and comes back', () => {
    const larger = wishFor('in', 1) as number;
    expect(larger).toBeGreaterThan(1);
    expect(wishFor('out', larger)).toBeCloseTo(1);
    expect(wishFor('width', 1)).toBe('width');
  });
});
