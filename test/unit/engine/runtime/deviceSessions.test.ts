import { beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { GraphBuilder } from '#engine/graph/graphBuilder.ts';
import { operatorsOf } from '#engine/graph/operators/operatorsOf.ts';
import { DeviceSessions } from '#engine/runtime/deviceSessions.ts';
import { floats } from '#engine/runtime/hostTensor.ts';
import type { SessionFactory } from '#engine/runtime/ort.ts';
import type { Device } from '#shared/contract/index.ts';
import { DisguisedGpu } from '../../../fixtures/disguisedGpu.ts';

/** Adds three numbers, with an operator of the device's own. */
function adding(device: Device): GraphBuilder {
  const graph = new GraphBuilder('adding', new Set(), device);
  const terms = ['a', 'b', 'c'].map((name) => graph.input(name, 'float32', [1]));
  graph.output('total', operatorsOf(graph).sum(graph, terms, '/sum'), 'float32', [1]);
  return graph;
}
const feeds = Object.fromEntries(['a', 'b', 'c'].map((name, index) => [name, floats(Float32Array.of(index + 1), [1])]));

describe('sessions on a device that fails', () => {
  let warned: MockInstance<typeof process.emitWarning>;
  let gpu: DisguisedGpu;
  let sessions: DeviceSessions;
  beforeEach(() => {
    warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    gpu = new DisguisedGpu();
    sessions = new DeviceSessions({ device: 'webgpu', createSession: gpu.createSession, threads: 1 });
    return () => {
      vi.restoreAllMocks();
      return sessions.dispose();
    };
  });

  it('run there while it works', async () => {
    const session = await sessions.make(adding);
    expect((await session.run(feeds))['total']).toEqual(Float32Array.of(6));
    expect([gpu.runs, gpu.processorRuns]).toEqual([1, 0]);
    expect([sessions.device, sessions.failure]).toEqual(['webgpu', null]);
  });

  it('do on the processor what the device failed at, and go on there', async () => {
    const [first, second] = [await sessions.make(adding), await sessions.make(adding)];
    gpu.runsLeft = 1;
    for (const session of [first, second, first, second]) {
      expect((await session.run(feeds))['total']).toEqual(Float32Array.of(6));
    }
    expect([gpu.runs, gpu.processorRuns]).toEqual([1, 3]);
    expect(sessions.device).toBe('cpu');
    expect(sessions.failure).toBe('WebGPU failed, so the processor goes on in its place.');
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Device is lost.'));
  });

  it('are all made for the processor when the device refuses one of them', async () => {
    const first = await sessions.make(adding);
    gpu.runsLeft = 0;
    const devices: Device[] = [];
    const second = await sessions.make((device) => {
      devices.push(device);
      return adding(device);
    });
    expect(devices).toEqual(['webgpu', 'cpu']);
    await sessions.ready();
    for (const session of [first, second]) expect((await session.run(feeds))['total']).toEqual(Float32Array.of(6));
    expect([gpu.runs, gpu.processorRuns]).toEqual([0, 2]);
  });

  it('fail with the processor: there is nothing to go on with', async () => {
    const broken: SessionFactory = () => Promise.reject(new Error('Refused.'));
    const onProcessor = new DeviceSessions({ device: 'cpu', createSession: broken, threads: 1 });
    await expect(onProcessor.make(adding)).rejects.toThrow('Refused.');
    const onGpu = new DeviceSessions({ device: 'webgpu', createSession: broken, threads: 1 });
    await expect(onGpu.make(adding)).rejects.toThrow('Refused.');
    expect(onGpu.device).toBe('cpu');
  });
});
