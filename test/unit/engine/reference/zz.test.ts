import { expect, it } from 'vitest';
import { makePlan } from '../../../../src/engine/cache/index.ts';
import { mixedPlan } from '../decode/samplePlans.ts';
import { compare, largestGap, relativeGap } from './readDecoder.ts';
import { packedLinear } from './packedLinear.ts';
const plans = { dense: (m) => makePlan('dense', m, { chunkTokens: 16 }), logits: (m) => mixedPlan(m, { farValues: 'float32' }), keys: (m) => mixedPlan(m, { share: 'keys', farValues: 'float32' }) };
it('m', async () => {
  for (const seed of [1, 2])
  for (const architecture of ['llama', 'qwen2'] as const)
    for (const type of ['F32', 'Q8_0', 'Q4_0', 'Q4_1'] as const)
      for (const [n, planOf] of Object.entries(plans)) {
          const b = await compare({ architecture, type, seed }, { planOf, precision: 'packed', taps: 'all', linear: packedLinear });
          const g = (t) => largestGap(b.decoder.taps.get(t), b.reference.taps.get(t)).toExponential(1);
          const rows = b.decoder.logits.map((r, i) => largestGap([r], [b.reference.logits[i]]));
          console.log(seed, architecture, type, n, 'q0', g('layers.0.q'), 'k0', g('layers.0.k'), 'v0', g('layers.0.v'), 'att0', g('layers.0.attended'), 'mlp0', g('layers.0.mlp'), 'logits', largestGap(b.decoder.logits, b.reference.logits).toExponential(2), 'rel', relativeGap(b.decoder.logits, b.reference.logits).toExponential(2), 'rows<1e-3', rows.filter((x) => x < 1e-3).length);
      }
  expect(1).toBe(1);
}, 200000);
