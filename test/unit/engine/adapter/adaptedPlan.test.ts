import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import type { LoadedModel, PolicyName } from '#shared/domain/index.ts';
import { EngineSession, type TestAnswer } from '../../../fixtures/engineSession.ts';
import { mixedPlan } from '../../../fixtures/samplePlans.ts';
import { adapterMetadata, encodeSafetensors, sha256Of, tensorsOf, tinyAdapter } from '../../../fixtures/tinyAdapter.ts';
import { tinyGguf, tinyModel } from '../../../fixtures/tinyGguf.ts';

const tiny = { type: 'Q8_0', contextTokens: 4_096 } as const;
const model = tinyModel(tiny);
const modelPath = tinyGguf(tiny);
const plan = mixedPlan(model, { farKeys: 'int8', chunkTokens: 16, windowTokens: 32 });
const asked = { texts: ['the sea and the rain '.repeat(90)], question: 'Who comes?', maxNewTokens: 20 };
const short = { ...asked, texts: ['the sea and the rain '.repeat(12)] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-adapted-'));
  for (const name of ['plans', 'adapters']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an adapter, and a plan that names it; returns the adapter's checksum. */
async function writeAdapted(name: string, seed: number): Promise<string> {
  const gguf = await openGguf(modelPath);
  const metadata = adapterMetadata(await sampledModelDigest(gguf));
  gguf.close();
  const bytes = encodeSafetensors(tensorsOf(tinyAdapter(model, { seed })), metadata);
  const file = `../adapters/${name}.safetensors`;
  writeFileSync(join(folder, 'plans', file), bytes);
  const sha256 = sha256Of(bytes);
  writeFileSync(join(folder, 'plans', `${name}.json`), JSON.stringify({ plan, adapter: { file, sha256 } }));
  return sha256;
}

interface Outcome extends TestAnswer {
  readonly card: LoadedModel;
}

/** Loads the model under a plan of the folder, asks once, and lets go of it. */
async function ask(planName: string, policy: PolicyName = 'pod', about = asked): Promise<Outcome> {
  await using session = new EngineSession();
  const planPath = join(folder, 'plans', `${planName}.json`);
  const cacheFiles = { folder: join(folder, 'cache'), capBytes: 2 ** 30 };
  const card = await session.load({ modelPath, policy, planPath, cacheFiles });
  return { ...(await session.ask(about)), card };
}

describe('a plan with an adapter', () => {
  it.each(['pod', 'pod+select', 'pod+int4'] as const)('is carried out and told of under %s', async (policy) => {
    writeFileSync(join(folder, 'plans', 'plain.json'), JSON.stringify({ plan }));
    const sha256 = await writeAdapted('adapted', 1);
    const plain = await ask('plain', policy, short);
    const adapted = await ask('adapted', policy, short);
    expect(adapted.card.adapter).toEqual({ sha256 });
    expect(adapted.cache).toMatchObject({ policy, adapter: { sha256 } });
    expect(adapted.cache.planId).not.toBe(plain.cache.planId);
    expect(adapted.ids).not.toEqual(plain.ids);
    for (const part of [plain.card, plain.cache]) expect(part).not.toHaveProperty('adapter');
  });

  it('leaves dense as it is', async () => {
    writeFileSync(join(folder, 'plans', 'plain.json'), JSON.stringify({ plan }));
    await writeAdapted('adapted', 1);
    const plain = await ask('plain', 'dense');
    const adapted = await ask('adapted', 'dense');
    expect(adapted.ids).toEqual(plain.ids);
    // The plans that other policies would take are others.
    expect({ ...adapted.card, planIds: {} }).toEqual({ ...plain.card, planIds: {} });
    expect(adapted.card.planIds.dense).toBe(plain.card.planIds.dense);
    expect(adapted.card).not.toHaveProperty('adapter');
    expect(adapted.cache).not.toHaveProperty('adapter');
    // It goes on from what was read without the adapter.
    expect(adapted.reusedTokens).toBeGreaterThan(0);
  });

  it('goes on from its own cache files alone', async () => {
    await writeAdapted('one', 1);
    await writeAdapted('two', 2);
    const first = await ask('one');
    expect(first.reusedTokens).toBe(0);
    expect((await ask('two')).reusedTokens).toBe(0);
    const again = await ask('one');
    expect(again.reusedTokens).toBeGreaterThan(0);
    expect(again.ids).toEqual(first.ids);
  });

  it('is refused when its adapter is gone or another, and dense still runs', async () => {
    await writeAdapted('adapted', 1);
    const path = join(folder, 'adapters', 'adapted.safetensors');
    writeFileSync(path, 'something else');
    await expect(ask('adapted')).rejects.toMatchObject({ code: 'cache/adapter' });
    rmSync(path);
    await expect(ask('adapted')).rejects.toMatchObject({ code: 'cache/adapter' });
    expect((await ask('adapted', 'dense')).card.policy).toBe('dense');
  });
});
