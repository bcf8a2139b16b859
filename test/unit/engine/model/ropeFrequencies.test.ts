import { describe, expect, it } from 'vitest';
import { type RopeDescription, ropeFrequencies } from '#engine/model/index.ts';

const plain: RopeDescription = { base: 10_000, scale: 1, yarn: null, factors: null, magnitude: 1 };

describe('ropeFrequencies', () => {
  it('falls from 1 by the base', () => {
    const frequencies = ropeFrequencies(plain, 8, null);
    expect([...frequencies].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 0.1, 0.01, 0.001]);
  });

  it('scales all pairs alike, and divides by factors', () => {
    const stretched = ropeFrequencies({ ...plain, scale: 0.25 }, 8, [1, 2, 4, 8]);
    for (const [pair, value] of [0.25, 0.0125, 0.000625, 0.00003125].entries()) {
      expect(stretched[pair]).toBeCloseTo(value, 12);
    }
  });

  it('leaves fast pairs alone under YaRN, scales slow ones, and ramps between', () => {
    // A context of 2,000 tokens turns pair i of 64 dimensions 2000 / 2π * 10000^(-i/32) times: 32 times at
    // pair 7.98, once at pair 20.02, so the ramp goes from pair 7 to pair 21.
    const yarn = { originalContextTokens: 2000, betaFast: 32, betaSlow: 1 };
    const stretched = ropeFrequencies({ ...plain, scale: 0.25, yarn }, 64, null);
    const own = ropeFrequencies(plain, 64, null);
    const ratio = (pair: number): number => stretched[pair]! / own[pair]!;
    expect(ratio(0)).toBe(1);
    expect(ratio(7)).toBeCloseTo(1, 12);
    expect(ratio(8)).toBeCloseTo(1 - 0.75 / 14, 12);
    expect(ratio(14)).toBeCloseTo((1 + 0.25) / 2, 12);
    expect(ratio(21)).toBeCloseTo(0.25, 12);
    expect(ratio(31)).toBeCloseTo(0.25, 12);
  });
});
