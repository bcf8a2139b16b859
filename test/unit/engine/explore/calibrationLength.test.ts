import { describe, expect, it } from 'vitest';
import { calibrationLength } from '#engine/explore/calibrationLength.ts';

describe('calibrationLength', () => {
  it('reads 3,072 tokens at a time where text and model have room', () => {
    expect(calibrationLength(300_000, 32_768, 4)).toEqual({ tokens: 3072, askedTokens: 3072 });
    expect(calibrationLength(12_288, 4_096, 4)).toEqual({ tokens: 3072, askedTokens: 3072 });
  });

  it('reads less of a short text and under a short context, with room for the questions', () => {
    expect(calibrationLength(8_000, 32_768, 4)).toEqual({ tokens: 2000, askedTokens: 2000 });
    expect(calibrationLength(300_000, 2_048, 4)).toEqual({ tokens: 2048, askedTokens: 1024 });
    expect(calibrationLength(6_144, 3_000, 4)).toEqual({ tokens: 1536, askedTokens: 1536 });
  });

  it('says what is too short, what was found, and what is needed', () => {
    expect(() => calibrationLength(6_143, 32_768, 4)).toThrow(
      'The text has 6,143 tokens; exploring a model needs 6,144',
    );
    expect(() => calibrationLength(300_000, 2_047, 4)).toThrow('reads at most 2,047 tokens');
  });
});
