import { describe, expect, it } from 'vitest';
import { checkPlan, makePlan, planBytes } from '#engine/cache/index.ts';
import { evalRows, streamingOfBytes } from '../../../eval/config.ts';
import type { EvalPlans } from '../../../eval/evalPlans.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { tinyModel } from '../../fixtures/tinyGguf.ts';

const model = tinyModel();
/** Blocks that hold whole pages. */
const shared = mixedPlan(model, { chunkTokens: 16 });
const trained = makePlan('pod', model, { ...shared, adapter: { sha256: 'ab'.repeat(32) } });
const small = makePlan('pod+int4', model, { ...trained, windowTokens: 32 });
const plans: EvalPlans = {
  product: {
    pod: trained,
    'pod+select': makePlan('pod+select', model, trained),
    'pod+int4': small,
  },
  usual: trained,
  untrained: shared,
};
const namesOf = (of: EvalPlans): string[] => evalRows(of).map(({ name }) => name);

describe('the rows', () => {
  it('begin with dense and can all be carried out, each under a plan of its own', () => {
    const made = evalRows(plans).map((row) => row.plan(model, 400));
    expect(made[0]!.policy).toBe('dense');
    for (const plan of made) expect(() => checkPlan(plan)).not.toThrow();
    expect(new Set(made.map(({ id }) => id)).size).toBe(made.length);
  });

  it('are trained from the adapted one on, and not before', () => {
    const names = evalRows(plans)
      .filter((row) => row.plan(model, 400).adapter)
      .map(({ name }) => name);
    expect(names).toEqual(['pod-adapted', 'pod', 'pod+select', 'pod+int4']);
  });

  it('have the window of the usual plan, the one before training too', () => {
    const narrow = makePlan('pod', model, { ...shared, windowTokens: shared.windowTokens / 2 });
    const windows = evalRows({ ...plans, untrained: narrow })
      .filter(({ name }) => name.startsWith('pod-'))
      .map((row) => row.plan(model, 400).windowTokens);
    expect(windows).toEqual([shared.windowTokens, shared.windowTokens, shared.windowTokens]);
  });

  it('leave out what the plans of a model do not tell apart', () => {
    const all = namesOf(plans);
    expect(all).toHaveLength(8);
    expect(namesOf({ ...plans, untrained: null })).toEqual(
      all.filter((name) => name !== 'pod-same-head' && name !== 'pod-mixed'),
    );
    const bare: EvalPlans = { product: plans.product, usual: shared, untrained: shared };
    expect(namesOf(bare)).toEqual(all.filter((name) => name !== 'pod-adapted'));
  });

  it('share plainly where they say so: the same head, nothing added', () => {
    const plan = evalRows(plans)
      .find(({ name }) => name === 'pod-same-head')!
      .plan(model, 400);
    const [first] = plan.layers[1]!.kvHeads;
    expect(first).toMatchObject({
      kind: 'follower',
      leader: 0,
      mix: [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
      ],
    });
    expect(plan.layers[1]!.kvHeads[1]).toMatchObject({
      mix: [
        [0, 0, 1, 0, 0],
        [0, 0, 0, 1, 0],
      ],
    });
  });
});

describe('streaming of the bytes of another plan', () => {
  it.each([200, 400, 1000])('takes what it may of %i tokens, and no token more', (tokens) => {
    const other = makePlan('pod', model, { ...shared, farKeys: 'int8' });
    const plan = streamingOfBytes(model, other, tokens);
    const bytes = planBytes(other, tokens).cacheBytes;
    const own = planBytes(plan, tokens);
    expect(own.cacheBytes).toBeLessThanOrEqual(bytes);
    const wider = makePlan('streaming', model, { ...plan, windowTokens: plan.windowTokens + 1 });
    expect(planBytes(wider, tokens).cacheBytes).toBeGreaterThan(bytes);
    expect(own.droppedTokens).toBeGreaterThan(0);
  });
});
