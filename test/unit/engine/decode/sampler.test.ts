import { describe, expect, it } from 'vitest';
import { Sampler } from '#engine/decode/sampler.ts';

const logits = Float32Array.of(1, 3, 2.9, -1);

describe('choosing the next token', () => {
  it('takes the likeliest without temperature', () => {
    expect(new Sampler({ temperature: 0, repetitionPenalty: 1 }).next(logits)).toBe(1);
  });

  it('makes a used token less likely, whatever its sign, and leaves the logits alone', () => {
    const sampler = new Sampler({ repetitionPenalty: 1.1 });
    expect([sampler.next(logits), sampler.next(logits)]).toEqual([1, 2]);
    expect(logits[1]).toBe(3);
    const negative = new Sampler({ repetitionPenalty: 2 });
    const low = Float32Array.of(-1, -1.5);
    expect([negative.next(low), negative.next(low)]).toEqual([0, 1]);
  });

  it('gives the same choices for the same seed, and others for another', () => {
    const flat = new Float32Array(50).fill(1);
    const draw = (seed: number) => {
      const sampler = new Sampler({ temperature: 1, seed, repetitionPenalty: 1, topP: 1 });
      return Array.from({ length: 10 }, () => sampler.next(flat));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('never draws from outside the nucleus', () => {
    const sampler = new Sampler({ temperature: 1, topP: 0.5, repetitionPenalty: 1 });
    const steep = Float32Array.of(0, 5, 0, 0);
    expect(new Set(Array.from({ length: 50 }, () => sampler.next(steep)))).toEqual(new Set([1]));
  });
});
