import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { choosePlan, chosenPlanIds } from '#engine/choosePlan.ts';
import { type GgufFile, openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import { madePlanPath } from '#engine/madePlanPath.ts';
import { policyChoices } from '#shared/domain/index.ts';
import { tinyGguf, tinyModel } from '../../fixtures/tinyGguf.ts';

const model = tinyModel();
const folder = mkdtempSync(join(tmpdir(), 'proxima-plans-'));
const planOf = (windowTokens: number) => makePlan('pod', model, { windowTokens });
const planPath = join(folder, 'shipped.json');
const request = { modelPath: 'tiny.gguf', policy: 'pod' as const, planPath, plansFolder: join(folder, 'none') };
let gguf: GgufFile;
let other: GgufFile;

beforeAll(async () => {
  gguf = await openGguf(tinyGguf());
  other = await openGguf(tinyGguf({ seed: 2 }));
  writeFileSync(planPath, JSON.stringify({ plan: planOf(300) }));
  writeFileSync(madePlanPath(folder, await sampledModelDigest(gguf)), JSON.stringify({ plan: planOf(700) }));
});
afterAll(() => {
  gguf.close();
  other.close();
  rmSync(folder, { recursive: true });
});

describe('choosePlan', () => {
  it('takes the plan that was made for this model on this machine, then the one that was named', async () => {
    const own = { ...request, plansFolder: folder };
    expect(await choosePlan(own, model, gguf)).toEqual({ plan: planOf(700), adapter: null });
    expect((await choosePlan({ ...own, planPath: null }, model, gguf)).plan.windowTokens).toBe(700);
    // Weights of another training: the plan is not for them.
    expect((await choosePlan(own, model, other)).plan.windowTokens).toBe(300);
    expect((await choosePlan(request, model, gguf)).plan.windowTokens).toBe(300);
  });

  it('runs dense when asked to, and where there is no plan', async () => {
    expect((await choosePlan({ ...request, plansFolder: folder, policy: 'dense' }, model, gguf)).plan.policy).toBe(
      'dense',
    );
    expect((await choosePlan({ ...request, planPath: null }, model, gguf)).plan.policy).toBe('dense');
  });

  it('takes the plan that drops more for the smallest cache, where one lies beside the usual one', async () => {
    const windowUnder = async (policy: 'pod+select' | 'pod+int4') =>
      (await choosePlan({ ...request, policy }, model, gguf)).plan.windowTokens;
    expect(await windowUnder('pod+int4')).toBe(300);
    const small = join(folder, 'shipped.small.json');
    writeFileSync(small, JSON.stringify({ plan: planOf(500) }));
    expect(await windowUnder('pod+int4')).toBe(500);
    expect(await windowUnder('pod+select')).toBe(300);
    rmSync(small);
  });

  it('takes no sharing plan to stream, and no window but the request’s', async () => {
    const { plan: wide } = await choosePlan({ ...request, plansFolder: folder, policy: 'streaming' }, model, gguf);
    expect(wide).toMatchObject({ policy: 'streaming', sinkTokens: 4, windowTokens: 1020, distant: 'dropped' });
    const { plan: narrow } = await choosePlan({ ...request, policy: 'streaming', windowTokens: 40 }, model, gguf);
    expect(narrow).toMatchObject({ policy: 'streaming', windowTokens: 40 });
  });

  it('shares as the plan says under another policy, too', async () => {
    const { plan } = await choosePlan({ ...request, plansFolder: folder, policy: 'pod+select' }, model, gguf);
    expect(plan).toMatchObject({ policy: 'pod+select', windowTokens: 700, layers: planOf(700).layers });
  });

  it('reads as many distant tokens as the plan says, where the policy selects any', async () => {
    const select = { pageTokens: 16, readTokens: 512 };
    const path = join(folder, 'selecting.json');
    writeFileSync(path, JSON.stringify({ plan: makePlan('pod+select', model, { select }) }));
    const selectUnder = async (policy: 'pod' | 'pod+select' | 'pod+int4', file: string) =>
      (await choosePlan({ ...request, policy, planPath: file }, model, gguf)).plan.select;
    expect(await selectUnder('pod+select', path)).toEqual(select);
    expect(await selectUnder('pod+int4', path)).toEqual(select);
    expect(await selectUnder('pod', path)).toBeUndefined();
    expect(await selectUnder('pod+select', planPath)).toEqual({ pageTokens: 16, readTokens: 1024 });
  });

  it('takes a plan as it is where nothing of it is asked for otherwise, and else gives it another name', async () => {
    const written = makePlan('pod+select', model, { select: { pageTokens: 16, readTokens: 512 } });
    const path = join(folder, 'asWritten.json');
    writeFileSync(path, JSON.stringify({ plan: written }));
    const asked = { ...request, policy: 'pod+select' as const, planPath: path };
    expect((await choosePlan(asked, model, gguf)).plan).toEqual(written);
    const { plan } = await choosePlan({ ...asked, windowTokens: 100 }, model, gguf);
    expect(plan).toMatchObject({ windowTokens: 100, select: written.select });
    expect(plan.id).not.toBe(written.id);
  });

  it('takes the window of the request before that of the plan', async () => {
    const { plan } = await choosePlan({ ...request, plansFolder: folder, windowTokens: 40 }, model, gguf);
    expect(plan).toMatchObject({ windowTokens: 40, sinkTokens: 4 });
  });

  it('packs no near rows where the request names another window', async () => {
    const packing = makePlan('pod', model, { windowTokens: 300, floatTokens: 60 });
    const path = join(folder, 'packing.json');
    writeFileSync(path, JSON.stringify({ plan: packing }));
    const under = async (windowTokens: number | undefined) =>
      (
        await choosePlan(
          { ...request, policy: 'pod+select', planPath: path, ...(windowTokens && { windowTokens }) },
          model,
          gguf,
        )
      ).plan;
    expect(await under(undefined)).toMatchObject({ windowTokens: 300, floatTokens: 60 });
    expect(await under(50)).toEqual(makePlan('pod+select', model, { windowTokens: 50 }));
  });
});

describe('chosenPlanIds', () => {
  const small = join(folder, 'shipped.small.json');

  it('names for every choice the plan that a load under it takes', async () => {
    writeFileSync(small, JSON.stringify({ plan: planOf(100) }));
    for (const place of [request, { ...request, plansFolder: folder }]) {
      const ids = await chosenPlanIds(place, model, gguf);
      for (const policy of policyChoices) {
        expect(ids[policy]).toBe((await choosePlan({ ...place, policy }, model, gguf)).plan.id);
      }
      expect(new Set(Object.values(ids)).size).toBe(4);
    }
    rmSync(small);
  });

  it('tells another plan from the one it was before', async () => {
    const shipped = await chosenPlanIds(request, model, gguf);
    const own = await chosenPlanIds({ ...request, plansFolder: folder }, model, gguf);
    for (const policy of ['pod', 'pod+select', 'pod+int4'] as const) expect(own[policy]).not.toBe(shipped[policy]);
  });

  it('names dense for all of a model without a plan', async () => {
    const ids = await chosenPlanIds({ ...request, planPath: null }, model, gguf);
    expect(new Set(Object.values(ids))).toEqual(new Set(['dense']));
  });

  it('leaves out a choice whose plan cannot be used, and that alone', async () => {
    writeFileSync(small, '{ "plan": ');
    const ids = await chosenPlanIds(request, model, gguf);
    expect(Object.keys(ids).sort()).toEqual(['dense', 'pod', 'pod+select']);
    rmSync(small);
  });
});
