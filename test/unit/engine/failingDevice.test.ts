import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerProgress, DeviceName } from '#shared/contract/index.ts';
import type { LoadedModel } from '#shared/domain/index.ts';
import { DisguisedGpu } from '../../fixtures/disguisedGpu.ts';
import { type AskedText, EngineSession, type TestAnswer } from '../../fixtures/engineSession.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { tinyGguf, tinyModel } from '../../fixtures/tinyGguf.ts';

const tiny = { type: 'Q8_0', contextTokens: 4_096 } as const;
const modelPath = tinyGguf(tiny);
const asked: AskedText = { texts: ['the sea and the ship '.repeat(60)], question: 'Who comes?', maxNewTokens: 16 };
const FAILED = 'WebGPU failed, so the processor goes on in its place.';

let folder: string;
let planPath: string;
beforeEach(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  folder = mkdtempSync(join(tmpdir(), 'proxima-device-'));
  planPath = join(folder, 'plan.json');
  const plan = mixedPlan(tinyModel(tiny), { farKeys: 'int8', chunkTokens: 64, windowTokens: 96 });
  writeFileSync(planPath, JSON.stringify({ plan }));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function start(gpu: DisguisedGpu, device: DeviceName): Promise<{ session: EngineSession; model: LoadedModel }> {
  const session = new EngineSession(gpu);
  const cacheFiles = { folder: join(folder, 'cache'), capBytes: 2 ** 30 };
  return { session, model: await session.load({ modelPath, policy: 'pod', planPath, device, cacheFiles }) };
}

/** The answer of the processor alone. */
async function expectedAnswer(): Promise<TestAnswer> {
  await using session = (await start(new DisguisedGpu(), 'cpu')).session;
  const answer = await session.ask(asked);
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  return answer;
}

const cacheFiles = (): string[] =>
  readdirSync(join(folder, 'cache'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.safetensors'),
  );

describe('an answer on a device that fails', () => {
  /** Layers and the output layer are sessions of their own: either may be the one that meets the failure. */
  it.each([
    ['while the text is read', 'reading', 0],
    ['while the answer is written, in the layers', 'token', 0],
    ['while the answer is written, in the output layer', 'token', 1],
  ] as const)('goes on on the processor: %s', async (_, when, runsLeft) => {
    const expected = await expectedAnswer();
    const gpu = new DisguisedGpu();
    const started = await start(gpu, 'webgpu');
    await using session = started.session;
    expect(started.model).toMatchObject({ device: 'webgpu', deviceReason: 'WebGPU was asked for.' });

    const told: AnswerProgress[] = [];
    const answer = await session.ask({
      ...asked,
      onProgress: (progress) => {
        told.push(progress);
        if (told.filter(({ type }) => type === when).length === 3 && gpu.runsLeft === Infinity) gpu.runsLeft = runsLeft;
      },
    });
    expect(gpu.runsLeft).toBeLessThan(0);
    expect(answer.ids).toEqual(expected.ids);
    expect(answer.text).toBe(expected.text);
    expect(answer).toMatchObject({ device: 'cpu', deviceReason: FAILED });
    expect(told.filter(({ type }) => type === 'deviceFailed')).toEqual([
      { type: 'deviceFailed', device: 'cpu', statement: FAILED },
    ]);

    const next: string[] = [];
    const again = await session.ask({ ...asked, onProgress: ({ type }) => next.push(type) });
    expect(next).not.toContain('deviceFailed');
    expect(again).toMatchObject({ text: expected.text, device: 'cpu', deviceReason: FAILED });
  });

  it('leaves no file of what two devices have read', async () => {
    for (const fails of [false, true]) {
      const gpu = new DisguisedGpu();
      const { session } = await start(gpu, 'webgpu');
      await session.ask({
        ...asked,
        onProgress: ({ type }) => {
          if (fails && type === 'reading') gpu.runsLeft = Math.min(gpu.runsLeft, 1);
        },
      });
      await session[Symbol.asyncDispose]();
      expect(cacheFiles()).toHaveLength(fails ? 0 : 1);
      rmSync(join(folder, 'cache'), { recursive: true, force: true });
    }
  });

  it('is computed on the processor from the start when the device cannot take the model', async () => {
    const expected = await expectedAnswer();
    const gpu = new DisguisedGpu();
    const makeSession = gpu.createSession;
    const refusing = Object.assign(gpu, {
      createSession: (...[model, options]: Parameters<typeof makeSession>) =>
        options.device === 'webgpu' && gpu.runs > 0
          ? Promise.reject(new Error('There is no kernel.'))
          : makeSession(model, options),
    });
    const { session, model } = await start(refusing, 'webgpu');
    await using open = session;
    expect(model).toMatchObject({ device: 'cpu', deviceReason: FAILED });
    const answer = await open.ask(asked);
    expect(answer).toMatchObject({ text: expected.text, device: 'cpu', deviceReason: FAILED });
  });
});
