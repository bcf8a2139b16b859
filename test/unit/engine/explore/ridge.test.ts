import { describe, expect, it } from 'vitest';
import { solveRidge } from '#engine/explore/ridge.ts';

const none = (n: number): Float64Array => new Float64Array(n);

describe('solveRidge', () => {
  it('solves a system whose answer is known', () => {
    // [[4,2],[2,3]] [1,-2] = [0,-4]
    const x = solveRidge(Float64Array.of(4, 0, 2, 3), Float64Array.of(0, -4), none(2), none(2));
    expect(x[0]).toBeCloseTo(1, 12);
    expect(x[1]).toBeCloseTo(-2, 12);
  });

  it('gives the prior back where nothing was measured', () => {
    const x = solveRidge(none(4), none(2), Float64Array.of(1, 5), Float64Array.of(0.5, -3));
    expect(x[0]).toBeCloseTo(0.5, 12);
    expect(x[1]).toBeCloseTo(-3, 12);
  });

  it('lies between measurement and prior, by their weights', () => {
    const x = solveRidge(Float64Array.of(3), Float64Array.of(3 * 10), Float64Array.of(1), Float64Array.of(2));
    expect(x[0]).toBeCloseTo((3 * 10 + 2) / 4, 12);
  });

  it('refuses a system without a single solution', () => {
    expect(() => solveRidge(Float64Array.of(1, 0, 1, 1), none(2), none(2), none(2))).toThrow(/singular at unknown 1/);
    expect(() => solveRidge(Float64Array.of(Number.NaN), none(1), none(1), none(1))).toThrow(RangeError);
  });
});
