import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { chooseDevice, type DeviceChoiceOptions } from '#engine/runtime/chooseDevice.ts';
import { createSession, type RuntimeProvider, type SessionFactory } from '#engine/runtime/ort.ts';
import type { Device } from '#shared/contract/index.ts';
import { DeviceError } from '#shared/errors/index.ts';

interface FakeMachine {
  /** Providers of the runtime, besides the processor. @default WebGPU's */
  readonly providers?: readonly string[];
  /** Milliseconds that a run takes longer on a device. */
  readonly delayMs?: Partial<Record<Device, number>>;
  /** Changes what all other devices than the processor compute. */
  readonly spoil?: (output: Float32Array) => Float32Array;
  /** Those that refuse every graph. */
  readonly refusing?: readonly Device[];
}

/** Devices that are the processor: it runs the graphs made for them, later or with a fault. */
function machine({ providers = ['webgpu'], delayMs = {}, spoil, refusing = [] }: FakeMachine = {}) {
  const tried: Device[] = [];
  const fake: SessionFactory = async (model, options) => {
    const device = options.device ?? 'cpu';
    tried.push(device);
    if (refusing.includes(device)) {
      throw new DeviceError('device/unavailable', 'No adapter.', { advice: 'Choose another.' });
    }
    const session = await createSession(model, { ...options, device: 'cpu' });
    return {
      ...session,
      run: async (feeds, fetches) => {
        const outputs = await session.run(feeds, fetches);
        await new Promise((resolve) => setTimeout(resolve, delayMs[device] ?? 0));
        return device !== 'cpu' && spoil ? { output: spoil(outputs['output']!) } : outputs;
      },
    };
  };
  const installed: RuntimeProvider[] = ['cpu', ...providers].map((name) => ({ name, installed: true }));
  return { createSession: fake, providers: installed, missingDriver: () => null, tried };
}

describe('choosing a device', () => {
  let warned: MockInstance<typeof process.emitWarning>;
  beforeEach(() => {
    warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  });
  afterEach(() => vi.restoreAllMocks());

  it('takes one that computes the same and faster', async () => {
    const choice = await chooseDevice('auto', machine({ delayMs: { cpu: 60 } }));
    expect(choice.device).toBe('webgpu');
    expect(choice.reason).toMatch(/^WebGPU is faster: [\d.]+ ms against [\d.]+ ms for a short trial\.$/);
  });

  it('stays on the processor when the other is slower', async () => {
    const choice = await chooseDevice('auto', machine({ delayMs: { webgpu: 60 } }));
    expect(choice.device).toBe('cpu');
    expect(choice.reason).toContain('WebGPU is slower');
  });

  it('takes the fastest of several, each of which is tried', async () => {
    const windows = machine({ providers: ['dml', 'webgpu'], delayMs: { cpu: 160, directml: 90, webgpu: 20 } });
    expect((await chooseDevice('auto', windows)).device).toBe('webgpu');
    expect(windows.tried).toEqual(['cpu', 'directml', 'webgpu']);
    const linux = machine({ providers: ['webgpu', 'cuda'], delayMs: { cpu: 160, webgpu: 90, cuda: 20 } });
    expect((await chooseDevice('auto', linux)).device).toBe('cuda');
    expect(linux.tried).toEqual(['cpu', 'cuda', 'webgpu']);
  });

  it('goes past one that refuses', async () => {
    const linux = machine({ providers: ['webgpu', 'cuda'], delayMs: { cpu: 60 }, refusing: ['cuda'] });
    expect((await chooseDevice('auto', linux)).device).toBe('webgpu');
  });

  it.each([
    ['a number that is off', (output: Float32Array) => output.map((value, index) => (index === 5 ? value + 1 : value))],
    ['a number that is none', (output: Float32Array) => output.map((value, index) => (index === 5 ? NaN : value))],
    ['nothing', () => new Float32Array(0)],
  ])('stays on the processor, however slow, when the others give %s', async (_, spoil) => {
    const choice = await chooseDevice('auto', machine({ delayMs: { cpu: 60 }, spoil }));
    expect(choice.device).toBe('cpu');
    expect(choice.reason).toContain('WebGPU computes wrongly');
  });

  it('lets rounding pass', async () => {
    const spoil = (output: Float32Array): Float32Array => output.map((value) => value * 1.001);
    expect((await chooseDevice('webgpu', machine({ spoil }))).device).toBe('webgpu');
  });

  it('says why of each that is out, and tries nothing where there can be no driver', async () => {
    const refused = machine({ providers: ['webgpu', 'cuda'], refusing: ['webgpu', 'cuda'] });
    const none = await chooseDevice('auto', refused);
    expect(none.device).toBe('cpu');
    expect(none.reason).toMatch(
      /: CUDA did not get through a short trial; WebGPU did not get through a short trial\.$/,
    );
    expect(warned).not.toHaveBeenCalled();
    const driverless = { ...machine(), missingDriver: () => 'no driver is installed' };
    const impossible = await chooseDevice('auto', driverless);
    expect(impossible.device).toBe('cpu');
    expect(impossible.reason).toMatch(/: no driver is installed\.$/);
    expect(driverless.tried).toEqual([]);
  });

  it.each<[Device, readonly string[], RegExp]>([
    ['directml', ['webgpu'], /: the runtime has no DirectML on this kind of machine; it has WebGPU\.$/],
    ['cuda', ['dml', 'webgpu'], /: the runtime has no CUDA on this kind of machine; it has DirectML and WebGPU\.$/],
    ['coreml', ['coreml', 'webgpu'], /: the runtime's CoreML has no kernels for packed weights; it has WebGPU\.$/],
    ['webgpu', [], /: the runtime has no WebGPU on this kind of machine; it has nothing else\.$/],
  ])('names what there is when %s is not, and tries nothing', async (wanted, providers, reason) => {
    const there = machine({ providers });
    const choice = await chooseDevice(wanted, there);
    expect(choice.device).toBe('cpu');
    expect(choice.reason).toMatch(reason);
    expect(there.tried).toEqual([]);
  });

  it('says what to do about a library that is not installed', async () => {
    const linux: DeviceChoiceOptions = { ...machine(), providers: [{ name: 'cuda', installed: false }] };
    const { device, reason } = await chooseDevice('cuda', linux);
    expect(device).toBe('cpu');
    expect(reason).toContain("the runtime's library for CUDA is not installed (README.md tells how)");
  });

  it('takes what was asked for by name however slow, but not one that is wrong or refuses', async () => {
    expect((await chooseDevice('cpu', machine({ delayMs: { cpu: 60 } }))).device).toBe('cpu');
    const slow = machine({ providers: ['dml'], delayMs: { directml: 60 } });
    expect(await chooseDevice('directml', slow)).toEqual({ device: 'directml', reason: 'DirectML was asked for.' });
    const wrong = await chooseDevice('webgpu', machine({ spoil: (output) => output.fill(0) }));
    expect(wrong).toMatchObject({ device: 'cpu', reason: expect.stringContaining('computes wrongly') as string });
    const refused = await chooseDevice('webgpu', machine({ refusing: ['webgpu'] }));
    expect(refused).toMatchObject({ device: 'cpu', reason: expect.stringContaining('did not get through') as string });
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('No adapter.'));
  });

  it('asks nothing where nobody asked for another device', async () => {
    const there = machine();
    expect((await chooseDevice('cpu', there)).device).toBe('cpu');
    expect(there.tried).toEqual([]);
  });
});
