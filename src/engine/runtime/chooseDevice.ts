import { availableParallelism } from 'node:os';
import type { DeviceName } from '#shared/contract/index.ts';
import { type DeviceTrial, deviceTrial } from './deviceTrial.ts';
import { createSession, type Device, type SessionFactory } from './ort.ts';
import { hasVulkanDriver } from './vulkanDrivers.ts';

export interface DeviceChoice {
  readonly device: Device;
  /** Why, in one sentence. */
  readonly reason: string;
}

export interface DeviceChoiceOptions {
  /** Makes the sessions of the trial. @default ONNX Runtime */
  readonly createSession?: SessionFactory;
  /** Whether a graphics processor may be there at all. @default looks for a Vulkan driver under Linux */
  readonly mayHaveGpu?: () => boolean;
}

/**
 * How far two devices may be apart, as a share of the largest number. Each rounds in its own way: the
 * products of a graphics processor may be in half precision or have their inputs in 8 bits.
 */
const TOLERANCE = 0.02;

/**
 * Chooses where the decoder runs. The graphics processor must compute a short trial rightly; for `auto` it
 * must be faster than the processor as well. Where it is refused the processor is taken, and the reason
 * says why.
 */
export async function chooseDevice(wanted: DeviceName, options: DeviceChoiceOptions = {}): Promise<DeviceChoice> {
  const processor = `The processor, with ${availableParallelism()} cores`;
  if (wanted === 'cpu') return { device: 'cpu', reason: `${processor}.` };
  const gpu = await tryGpu(options);
  if (gpu.fault !== null) return { device: 'cpu', reason: `${processor}: ${gpu.fault}` };
  if (wanted === 'webgpu') return { device: 'webgpu', reason: 'The graphics processor was asked for.' };
  const times = `${gpu.gpuMs.toFixed(1)} ms against ${gpu.cpuMs.toFixed(1)} ms for a short trial`;
  return gpu.gpuMs < gpu.cpuMs
    ? { device: 'webgpu', reason: `The graphics processor is faster: ${times}.` }
    : { device: 'cpu', reason: `${processor}: the graphics processor is slower, ${times}.` };
}

type GpuTrial = { readonly fault: string } | { readonly fault: null; readonly gpuMs: number; readonly cpuMs: number };

/** Runs the trial on both devices and compares; `fault` says in a sentence why the graphics processor is out. */
async function tryGpu(options: DeviceChoiceOptions): Promise<GpuTrial> {
  const makeSession = options.createSession ?? createSession;
  const mayHaveGpu = options.mayHaveGpu ?? (() => process.platform !== 'linux' || hasVulkanDriver());
  if (!mayHaveGpu()) return { fault: 'no graphics driver (Vulkan) is installed.' };
  const cpu = await deviceTrial('cpu', makeSession);
  let gpu: DeviceTrial;
  try {
    gpu = await deviceTrial('webgpu', makeSession);
  } catch {
    return { fault: 'the graphics processor did not get through a short trial.' };
  }
  const apart = largestDifference(cpu.output, gpu.output) / Math.max(...cpu.output.map(Math.abs));
  if (apart <= TOLERANCE) return { fault: null, gpuMs: gpu.runMs, cpuMs: cpu.runMs };
  return { fault: `the graphics processor computes wrongly, ${(100 * apart).toFixed(0)}% off in a short trial.` };
}

/** NaN when any number is, or when the lengths differ: neither passes a comparison. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}
