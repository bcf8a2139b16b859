import { describe, expect, it } from 'vitest';
import { exactMatch, firstSentence, tokenF1 } from '../../../eval/scoring/answerScores.ts';
import { bootstrapInterval } from '../../../eval/scoring/bootstrapInterval.ts';
import { baselinePosition, baselineScore, positionScore } from '../../../eval/scoring/positionScore.ts';
import { tokenLoss } from '../../../eval/scoring/tokenLoss.ts';

describe('an answer', () => {
  it.each([
    ['Lucas Lodge', ['Lucas Lodge'], true, 1],
    ['the lucas lodge.', ['Lucas Lodge'], true, 1],
    ['Ctrl+O', ['Ctrl+O'], true, 1],
    ['Lucas Lodge in Meryton', ['Lucas Lodge'], false, 2 / 3],
    ['Longbourn', ['Lucas Lodge'], false, 0],
    ['', ['Lucas Lodge'], false, 0],
    ['Lodge', ['Longbourn', 'Lucas Lodge'], false, 2 / 3],
    ['one one one', ['one mile'], false, 0.4],
  ])('%j for %j', (given, accepted, isExact, f1) => {
    expect(exactMatch(given, accepted)).toBe(isExact);
    expect(tokenF1(given, accepted)).toBeCloseTo(f1, 12);
  });

  it.each([
    [' ten thousand a year. He was proud.', 'ten thousand a year.'],
    [' Mr. Hurst, of London. He slept.', 'Mr. Hurst, of London.'],
    ['\n\nno', ''],
    [' proxima/library.sqlite', 'proxima/library.sqlite'],
  ])('ends with its first sentence or line: %j', (text, first) => {
    expect(firstSentence(text)).toBe(first);
  });
});

describe('the bootstrap interval', () => {
  it('is the same from the same seed and holds the mean', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const found = bootstrapInterval(values, 7);
    expect(found).toEqual(bootstrapInterval(values, 7));
    expect(found.mean).toBe(31 / 8);
    expect(found.low).toBeLessThan(found.mean);
    expect(found.high).toBeGreaterThan(found.mean);
    expect(found.low).toBeGreaterThanOrEqual(1);
    expect(found.high).toBeLessThanOrEqual(9);
  });

  it('comes near to what is known of a mean: 1.96 standard errors to each side', () => {
    const values = Array.from({ length: 400 }, (_, index) => index % 2);
    const { low, high } = bootstrapInterval(values);
    expect(low).toBeCloseTo(0.5 - 1.96 * 0.025, 1.5);
    expect(high).toBeCloseTo(0.5 + 1.96 * 0.025, 1.5);
  });

  it('has no width where all items are alike, and refuses none', () => {
    expect(bootstrapInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2, items: 3 });
    expect(() => bootstrapInterval([])).toThrow(RangeError);
  });
});

describe('the score of a position', () => {
  const logits = Float32Array.of(0, Math.log(3), 0);

  it('is what the probabilities say', () => {
    expect(tokenLoss(logits, 1)).toEqual({ lossNats: expect.closeTo(-Math.log(0.6), 6) as number, likeliest: 1 });
    const score = positionScore(Float32Array.of(0, 0, 0), 2, baselinePosition(logits));
    expect(score.lossNats).toBeCloseTo(Math.log(3), 6);
    expect(score.divergenceNats).toBeCloseTo(0.6 * Math.log(1.8) + 0.4 * Math.log(0.6), 6);
    expect(score.agrees).toBe(false);
  });

  it('does not differ from itself', () => {
    expect(positionScore(logits.slice(), 0, baselinePosition(logits))).toMatchObject({
      divergenceNats: expect.closeTo(0, 6) as number,
      agrees: true,
    });
    expect(baselineScore(logits, 1, baselinePosition(logits))).toEqual({
      lossNats: expect.closeTo(-Math.log(0.6), 6) as number,
      divergenceNats: 0,
      agrees: true,
    });
  });
});
