import { describe, expect, it } from 'vitest';
import { joinSamples } from '#engine/explore/logitSample.ts';
import { sampleKeys } from '#engine/explore/sampleKeys.ts';
import { sampleQueries } from '#engine/explore/sampleQueries.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';
import { syntheticTaps, tokens } from './syntheticTaps.ts';

describe('sampleQueries', () => {
  it('computes logits by head, and near and distant together make the whole attention', async () => {
    const taps = syntheticTaps(3);
    const sample = await sampleQueries(taps, { sinkTokens: 2, topKeys: 100, random: seededRandom(1) });
    expect(sample.queries.map(({ rows }) => rows)).toEqual([18, 26]);
    const [layer, head, at] = [1, 3, 5];
    const logit = (token: number): number => {
      let sum = 0;
      for (let i = 0; i < 3; i += 1) {
        // Heads 2 and 3 read KV head 1.
        sum += taps.queries[1]!.query[layer]![head * 3 + i]! * taps.keys[layer]![(tokens + token) * 3 + i]!;
      }
      return sum / 2;
    };
    const row = sample.queries[1]!.firstRow + at;
    expect(sample.logits[layer]![row * 4 + head]).toBeCloseTo(logit(2 + at), 5);
    const nearKeys = [0, 1, ...Array.from({ length: 12 }, (_, i) => 28 + i)];
    const nearSum = Math.log(nearKeys.reduce((sum, key) => sum + Math.exp(logit(key)), 0));
    expect(sample.nearLogSumExp[layer]![1 * 4 + head]).toBeCloseTo(nearSum, 5);
  });

  it('joins samples one behind the other', async () => {
    const options = { sinkTokens: 2, random: seededRandom(1) };
    const a = await sampleQueries(syntheticTaps(3), options);
    const b = await sampleQueries(syntheticTaps(4), options);
    const joined = joinSamples([a, b]);
    expect(joined.queries).toHaveLength(4);
    const third = joined.queries[2]!;
    expect(third.firstRow).toBe(44);
    expect(joined.logits[1]!.subarray(44 * 4, 44 * 4 + 8)).toEqual(b.logits[1]!.subarray(0, 8));
    expect(joined.nearLogSumExp[0]![2 * 4]).toBe(b.nearLogSumExp[0]![0]);
  });
});

describe('sampleKeys', () => {
  it('takes the strongest for certain and lets the drawn stand for the rest', () => {
    const scores = new Float32Array(1000);
    scores[17] = 0.5;
    scores[900] = 0.4;
    const { keys, weights } = sampleKeys(scores, 2, 20, seededRandom(5));
    expect(keys).toHaveLength(22);
    expect([...keys]).toEqual([...new Set(keys)].sort((a, b) => a - b));
    expect(weights[keys.indexOf(17)]).toBe(1);
    expect(weights[keys.indexOf(900)]).toBe(1);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1000, 2);
  });

  it('takes all of few keys, each for itself', () => {
    const { keys, weights } = sampleKeys(new Float32Array(5), 3, 10, seededRandom(5));
    expect([...keys]).toEqual([0, 1, 2, 3, 4]);
    expect([...weights]).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('seededRandom', () => {
  it('is the same for one seed, spread over the unit interval, and different for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 10_000 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)[0]).not.toBe(draw(2)[0]);
    const mean = draw(1).reduce((sum, value) => sum + value, 0) / 10_000;
    expect(mean).toBeGreaterThan(0.48);
    expect(mean).toBeLessThan(0.52);
    expect(draw(1).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});
