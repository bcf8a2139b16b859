import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { choosePlan } from '#engine/choosePlan.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { evalRows } from '../../../eval/config.ts';
import type { EvalModel } from '../../../eval/evalModel.ts';
import { choosePlans } from '../../../eval/evalPlans.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-eval-plans-'));
const planPath = join(folder, 'tiny.json');
let model: EvalModel;

beforeAll(async () => {
  const path = tinyGguf();
  const gguf = await openGguf(path);
  model = { name: 'tiny.gguf', path, gguf, model: describeModel(gguf), tokenizer: new Tokenizer(gguf) };
  writeFileSync(planPath, JSON.stringify({ plan: makePlan('pod', model.model, { windowTokens: 64 }) }));
  writeFileSync(
    join(folder, 'tiny.small.json'),
    JSON.stringify({ plan: makePlan('pod', model.model, { windowTokens: 320 }) }),
  );
});
afterAll(() => {
  model.gguf.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the plans of a model', () => {
  it.each(['pod', 'pod+select', 'pod+int4'] as const)(
    'are under %s what the app runs, in the row of this name',
    async (policy) => {
      const { plans } = await choosePlans(model, { planPath });
      const row = evalRows(plans).find(({ name }) => name === policy)!;
      const { plan } = await choosePlan({ policy, planPath }, model.model, model.gguf);
      expect(row.plan(model.model, 4_096)).toEqual(plan);
      expect(plan.windowTokens).toBe(policy === 'pod+int4' ? 320 : 64);
    },
  );

  it('are refused with what to do where there is none', async () => {
    await expect(choosePlans(model, { planPath: null })).rejects.toThrow('Make one: npm run -s proxima -- explore');
  });
});
