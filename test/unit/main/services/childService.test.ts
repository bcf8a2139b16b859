import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChildService } from '#main/services/childService.ts';
import { FakeElectron } from '../../../fakes/fakeElectron.ts';

interface Calls {
  add: { in: number; out: number; progress: never };
}

describe('ChildService', () => {
  let electron: FakeElectron;
  let deaths: number[];
  const make = (silenceMs?: number): ChildService<Calls> =>
    new ChildService<Calls>({
      utilityProcess: electron.utilityProcess,
      name: 'Adder',
      modulePath: '/out/main/adder.js',
      execArgv: ['--max-old-space-size=64'],
      ...(silenceMs !== undefined && { silenceMs }),
      onDeath: (code) => deaths.push(code),
    });

  beforeEach(() => {
    electron = new FakeElectron();
    deaths = [];
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('starts its process with the first call and keeps it', async () => {
    const service = make();
    expect(electron.children).toHaveLength(0);
    const first = service.call('add', 1);
    const second = service.call('add', 2);
    expect(electron.children).toHaveLength(1);
    const [child] = electron.children;
    expect(child).toMatchObject({ modulePath: '/out/main/adder.js', execArgv: ['--max-old-space-size=64'] });
    child!.emit('message', { rpc: 'result', id: 2, output: 20 });
    child!.emit('message', { rpc: 'result', id: 1, output: 10 });
    expect(await Promise.all([first, second])).toEqual([10, 20]);
  });

  it('fails running calls when the process dies, tells it, and starts it anew', async () => {
    const service = make();
    const lost = service.call('add', 1);
    electron.children[0]!.die(139);
    await expect(lost).rejects.toMatchObject({ code: 'call/disconnected', retryable: true });
    expect(deaths).toEqual([139]);
    const next = service.call('add', 2);
    expect(electron.children).toHaveLength(2);
    electron.children[1]!.emit('message', { rpc: 'result', id: 1, output: 3 });
    expect(await next).toBe(3);
  });

  it('ends a process that says nothing while somebody waits, and leaves an idle one alone', async () => {
    const service = make(1_000);
    const call = service.call('add', 1);
    const [child] = electron.children;
    vi.advanceTimersByTime(900);
    child!.emit('message', { rpc: 'report', id: 1, progress: null });
    vi.advanceTimersByTime(900);
    expect(child!.killed).toBe(false);
    child!.emit('message', { rpc: 'result', id: 1, output: 1 });
    await call;
    vi.advanceTimersByTime(10_000);
    expect(child!.killed).toBe(false);
    void service.call('add', 2).catch(() => undefined);
    vi.advanceTimersByTime(1_000);
    expect(child!.killed).toBe(true);
  });

  it('tells nobody of an end that was asked for', () => {
    const service = make();
    void service.call('add', 1).catch(() => undefined);
    service.dispose();
    expect(electron.children[0]!.killed).toBe(true);
    electron.children[0]!.die(0);
    expect(deaths).toEqual([]);
  });
});
