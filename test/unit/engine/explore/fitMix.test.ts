import { describe, expect, it } from 'vitest';
import { fitMix } from '#engine/explore/fitMix.ts';
import { pairError } from '#engine/explore/pairError.ts';
import { normal, syntheticSample } from './syntheticSample.ts';

const pair = { leader: 0, follower: 1, head: 0 };
const light = { ridge: 1e-9, floor: 0.02 };

describe('fitMix', () => {
  it('finds the mix a follower was made with', () => {
    const truth = [0.5, -0.3, 0.8];
    const sample = syntheticSample((z) => {
      const own = truth.reduce((sum, weight, i) => sum + weight * z[i]!, 0.7);
      return [own, own, own];
    });
    const mix = fitMix(sample, pair, light);
    [...truth, 0.7].forEach((weight, i) => expect(mix[i]).toBeCloseTo(weight, 4));
    expect(pairError(sample, pair, mix).prose).toBeLessThan(1e-3);
    expect(pairError(sample, pair, mix).copy).toBeLessThan(1e-3);
  });

  it('is the identity for a layer that looks where its leader looks', () => {
    const sample = syntheticSample((z) => [...z]);
    for (const head of [0, 1, 2]) {
      const mix = [...fitMix(sample, { ...pair, head })];
      mix.forEach((weight, i) => expect(weight).toBeCloseTo(i === head ? 1 : 0, 6));
    }
  });

  it('stays near the identity when a strong ridge asks for it', () => {
    const sample = syntheticSample((z) => [z[1]!, z[1]!, z[1]!]);
    const mix = fitMix(sample, pair, { ridge: 1e6, newtonSteps: 0 });
    expect(mix[0]).toBeCloseTo(1, 3);
    expect(mix[1]).toBeCloseTo(0, 3);
  });

  it('finds heads in another order', () => {
    const sample = syntheticSample((z) => [z[2]!, z[0]!, z[1]!]);
    const mix = fitMix(sample, pair, light);
    expect(mix[2]).toBeCloseTo(1, 4);
    expect(pairError(sample, pair, [1, 0, 0, 0]).prose).toBeGreaterThan(0.2);
  });

  it('moves less attention with Newton steps than with least squares alone', () => {
    const sample = syntheticSample((z, random) => {
      const own = Math.tanh(z[0]! + z[1]!) * 3 + normal(random);
      return [own, own, own];
    });
    const divergent = pairError(sample, pair, fitMix(sample, pair, { ...light, newtonSteps: 0 }));
    const polished = pairError(sample, pair, fitMix(sample, pair, { ...light, newtonSteps: 8 }));
    expect(polished.prose + polished.copy).toBeLessThan(divergent.prose + divergent.copy);
  });
});
