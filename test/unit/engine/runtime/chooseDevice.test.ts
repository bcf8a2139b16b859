import { describe, expect, it } from 'vitest';
import { chooseDevice, type DeviceChoiceOptions } from '../../../../src/engine/runtime/chooseDevice.ts';
import { createSession, type Device, type SessionFactory } from '../../../../src/engine/runtime/ort.ts';
import { DeviceError } from '../../../../src/shared/errors/index.ts';

interface FakeGpu {
  /** Milliseconds that a run takes longer on one of the devices. */
  readonly delayMs?: Partial<Record<Device, number>>;
  /** Changes what the graphics processor computed. */
  readonly spoil?: (output: Float32Array) => Float32Array;
  readonly missing?: boolean;
}

/** A graphics processor that is the processor: it runs the graph made for WebGPU, later or with a fault. */
function withGpu({ delayMs = {}, spoil, missing = false }: FakeGpu): DeviceChoiceOptions {
  const fake: SessionFactory = async (model, options) => {
    const device = options.device ?? 'cpu';
    if (device === 'webgpu' && missing) {
      throw new DeviceError('device/unavailable', 'No adapter.', { advice: 'Choose another.' });
    }
    const session = await createSession(model, { ...options, device: 'cpu' });
    return {
      ...session,
      run: async (feeds, fetches) => {
        const outputs = await session.run(feeds, fetches);
        await new Promise((resolve) => setTimeout(resolve, delayMs[device] ?? 0));
        return device === 'webgpu' && spoil ? { output: spoil(outputs['output']!) } : outputs;
      },
    };
  };
  return { createSession: fake, mayHaveGpu: () => true };
}

describe('choosing a device', () => {
  it('takes a graphics processor that computes the same and faster', async () => {
    const choice = await chooseDevice('auto', withGpu({ delayMs: { cpu: 60 } }));
    expect(choice.device).toBe('webgpu');
    expect(choice.reason).toMatch(/faster: [\d.]+ ms against [\d.]+ ms/);
  });

  it('stays on the processor when the graphics processor is slower', async () => {
    const choice = await chooseDevice('auto', withGpu({ delayMs: { webgpu: 60 } }));
    expect(choice.device).toBe('cpu');
    expect(choice.reason).toContain('slower');
  });

  it.each([
    ['a number that is off', (output: Float32Array) => output.map((value, index) => (index === 5 ? value + 1 : value))],
    ['a number that is none', (output: Float32Array) => output.map((value, index) => (index === 5 ? NaN : value))],
    ['nothing', () => new Float32Array(0)],
  ])('stays on the processor, however slow, when the graphics processor gives %s', async (_, spoil) => {
    const choice = await chooseDevice('auto', withGpu({ delayMs: { cpu: 60 }, spoil }));
    expect(choice.device).toBe('cpu');
    expect(choice.reason).toContain('computes wrongly');
  });

  it('lets rounding pass', async () => {
    const spoil = (output: Float32Array): Float32Array => output.map((value) => value * 1.001);
    expect((await chooseDevice('webgpu', withGpu({ spoil }))).device).toBe('webgpu');
  });

  it('says why when there is none, and tries nothing where there cannot be one', async () => {
    const missing = await chooseDevice('auto', withGpu({ missing: true }));
    expect(missing.device).toBe('cpu');
    expect(missing.reason).toContain('did not get through');
    const never: SessionFactory = () => Promise.reject(new Error('must not be called'));
    const impossible = await chooseDevice('auto', { createSession: never, mayHaveGpu: () => false });
    expect(impossible.device).toBe('cpu');
    expect(impossible.reason).toContain('no graphics driver');
  });

  it('takes what was asked for by name however slow, but not one that is wrong or missing', async () => {
    expect((await chooseDevice('cpu', withGpu({ delayMs: { cpu: 60 } }))).device).toBe('cpu');
    expect((await chooseDevice('webgpu', withGpu({ delayMs: { webgpu: 60 } }))).device).toBe('webgpu');
    const wrong = await chooseDevice('webgpu', withGpu({ spoil: (output) => output.fill(0) }));
    expect(wrong).toMatchObject({ device: 'cpu', reason: expect.stringContaining('computes wrongly') as string });
    const missing = await chooseDevice('webgpu', withGpu({ missing: true }));
    expect(missing).toMatchObject({ device: 'cpu', reason: expect.stringContaining('did not get through') as string });
  });

  it('asks no graphics processor where nobody asked for one', async () => {
    const never: SessionFactory = () => Promise.reject(new Error('must not be called'));
    const choice = await chooseDevice('cpu', { createSession: never, mayHaveGpu: () => true });
    expect(choice.device).toBe('cpu');
  });
});
