import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forkUtility } from '#host/chromium/forkUtility.ts';
import { type AppServices, openAppServices } from '#main/services/appServices.ts';
import type { EngineState } from '#shared/contract/index.ts';
import { type BookId, modelId, type NumberedAnswerEvent } from '#shared/domain/index.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';

/** Slow enough to be caught writing, and of a text that is worth a file. */
const modelPath = tinyGguf({ type: 'Q8_0', layers: 10, hiddenSize: 256, ffnSize: 512, contextTokens: 4_096 });
const QUESTION = 'Who comes home from the sea?';
const TEXT = 'The sea was calm. A ship came home, and the people of the town went down to see it. '.repeat(10);

/** The services of the app with real processes: the engine's and the documents', run from their sources. */
describe('an engine that is killed while it answers', () => {
  const home = mkdtempSync(join(tmpdir(), 'proxima-killed-'));
  const before = process.env['PROXIMA_HOME'];
  let services: AppServices;
  let events: NumberedAnswerEvent[];
  let states: EngineState[];
  let book: BookId;

  beforeEach(async () => {
    process.env['PROXIMA_HOME'] = home;
    events = [];
    states = [];
    services = await openAppServices({
      utilityProcess: {
        fork: (path, args, options) =>
          forkUtility(join('src', path.endsWith('engine.js') ? 'engine' : 'documents', 'process.ts'), args, options),
      },
      outDir: 'out',
      resourcesDir: 'resources',
      tell: (name, payload) => {
        if (name === 'answer') events.push(...(payload as typeof events));
        if (name === 'engine') states.push(payload as EngineState);
      },
    });
    services.settings.save({ model: modelId(modelPath) });
    const path = join(home, 'sea.txt');
    writeFileSync(path, TEXT);
    ({
      info: { id: book },
    } = await services.shelf.open(path));
  });
  afterEach(() => services.dispose());
  afterAll(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'PROXIMA_HOME');
    else process.env['PROXIMA_HOME'] = before;
    rmSync(home, { recursive: true, force: true });
  });

  const cacheFiles = (): string[] =>
    readdirSync(join(home, 'cache'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.safetensors'),
    );
  const types = (): string[] => events.map(({ type }) => type);
  async function until(happened: () => boolean): Promise<void> {
    while (!happened()) {
      if (types().some((type) => ['failed', 'finished'].includes(type))) return;
      await pause(2);
    }
  }
  const ask = () =>
    services.asking.start({ book, chat: null, question: QUESTION, scope: { kind: 'whole' }, amount: 'full' });

  it('is started anew, takes what it had read from disk, and answers', async () => {
    const { chat } = ask();
    await until(() => types().includes('token') && cacheFiles().length > 0);
    const { pid } = services.engineProcess;
    const documentsPid = services.documentProcess.pid;
    const dead = events.length;
    process.kill(pid!, 'SIGKILL');
    await until(() => false);

    expect(types().slice(dead)).toContain('restarted');
    const finished = events.at(-1)!;
    expect(finished).toMatchObject({ type: 'finished' });
    if (finished.type !== 'finished') return;
    expect(finished.reusedTokens).toBeGreaterThan(500);
    const restarted = types().indexOf('restarted');
    const written = events.slice(restarted).flatMap((event) => (event.type === 'token' ? [event.text] : []));
    expect(finished.text).toBe(written.join(''));
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place));

    const told = states.map(({ state }) => state);
    expect(told.slice(told.indexOf('failed')).filter((state, at, all) => state !== all[at - 1])).toEqual([
      'failed',
      'loading',
      'ready',
      'answering',
      'ready',
    ]);
    expect(states.find(({ state }) => state === 'failed')).toMatchObject({ error: { code: 'engine/crashed' } });
    expect(services.engineProcess.pid).not.toBe(pid);
    expect(services.documentProcess.pid).toBe(documentsPid);
    expect(services.library.chats.recent(chat, 1)).toMatchObject([{ state: 'finished', answer: finished.text }]);
  }, 60_000);

  it('twice is told as a failure, and the next question is answered', async () => {
    ask();
    for (let deaths = 0; deaths < 2; deaths++) {
      const from = events.length;
      await until(() => types().slice(from).includes('token'));
      process.kill(services.engineProcess.pid!, 'SIGKILL');
      await until(() => types().slice(from).includes('restarted'));
    }
    await until(() => false);
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'engine/crashed' } });
    events.length = 0;
    ask();
    await until(() => false);
    expect(events.at(-1)).toMatchObject({ type: 'finished' });
  }, 60_000);
});
