import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import { policyChoices } from '#shared/domain/index.ts';
import { EngineSession } from '../../fixtures/engineSession.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { tinyGguf, tinyModel } from '../../fixtures/tinyGguf.ts';

const modelPath = tinyGguf();
const folder = mkdtempSync(join(tmpdir(), 'proxima-loaded-'));
const planPath = join(folder, 'plan.json');

beforeAll(() => {
  const plan = mixedPlan(tinyModel(), { chunkTokens: 16 });
  writeFileSync(planPath, JSON.stringify({ plan }));
  writeFileSync(
    join(folder, 'plan.small.json'),
    JSON.stringify({ plan: mixedPlan(tinyModel(), { windowTokens: 16, chunkTokens: 16 }) }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(policyChoices)('says under every choice which plan it would run under %s, and runs it', async (policy) => {
  await using session = new EngineSession();
  const model = await session.load({ modelPath, policy, planPath });
  const { cache } = await session.ask({ texts: ['the sea and the ship'], question: 'Who comes?', maxNewTokens: 1 });
  expect(model.planIds[policy]).toBe(cache.planId);
  const other = await session.load({ modelPath, policy: 'dense', planPath });
  expect(other.planIds).toEqual(model.planIds);
});

it('says which file it is of', async () => {
  await using session = new EngineSession();
  const model = await session.load({ modelPath, policy: 'dense' });
  const gguf = await openGguf(modelPath);
  expect(model.fingerprint).toBe(await sampledModelDigest(gguf));
  gguf.close();
});
