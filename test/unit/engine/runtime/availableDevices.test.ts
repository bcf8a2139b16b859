import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Engine } from '#engine/index.ts';
import { availableDevices, whyUnavailable } from '#engine/runtime/availableDevices.ts';
import { providerLibrary, type RuntimeProvider, runtimeProviders } from '#engine/runtime/ort.ts';

const has = (...names: string[]): RuntimeProvider[] => names.map((name) => ({ name, installed: true }));

describe('devices of the runtime', () => {
  it.each([
    ['Windows', has('cpu', 'dml', 'webgpu'), ['cpu', 'directml', 'webgpu']],
    ['Linux', [...has('cpu', 'webgpu', 'tensorrt'), { name: 'cuda', installed: false }], ['cpu', 'webgpu']],
    ['Linux with its library for CUDA', has('cpu', 'webgpu', 'cuda'), ['cpu', 'cuda', 'webgpu']],
    ['macOS, whose CoreML cannot run our graphs', has('cpu', 'coreml', 'webgpu'), ['cpu', 'webgpu']],
  ])('are what it was built with, in one order: %s', (_, providers, expected) => {
    expect(availableDevices(providers)).toEqual(expected);
  });

  it('are missing for a reason', () => {
    const linux = [...has('cpu', 'webgpu'), { name: 'cuda', installed: false }];
    expect(whyUnavailable('directml', linux)).toBe('the runtime has no DirectML on this kind of machine');
    expect(whyUnavailable('cuda', linux)).toBe("the runtime's library for CUDA is not installed (README.md tells how)");
    expect(whyUnavailable('coreml', has('coreml'))).toBe("the runtime's CoreML has no kernels for packed weights");
    expect(whyUnavailable('webgpu', linux)).toBeNull();
  });

  it('are asked of the runtime that is installed here', () => {
    expect(runtimeProviders()).toContainEqual({ name: 'cpu', installed: true });
    expect(availableDevices()[0]).toBe('cpu');
  });

  it('are told by the engine', () => {
    const engine = new Engine({ providers: has('cpu', 'dml', 'webgpu') });
    const context = { signal: new AbortController().signal, report: () => Promise.resolve() };
    expect(engine.handlers.devices(null, context)).toEqual(['cpu', 'directml', 'webgpu']);
  });

  it('have libraries of their own beside the runtime', () => {
    expect(existsSync(join(dirname(providerLibrary('cuda')), 'onnxruntime_binding.node'))).toBe(true);
  });
});
