import { availableParallelism } from 'node:os';
import type { DeviceName } from '#shared/contract/index.ts';
import { DeviceError } from '#shared/errors/index.ts';
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
 * Chooses where the decoder runs. `auto` takes the graphics processor when it computes a short trial
 * rightly and faster than the processor; one that was asked for by name need not be faster.
 *
 * @throws {DeviceError} `device/unavailable` when the graphics processor was asked for and is missing, or
 *   computes wrongly
 */
export async function chooseDevice(wanted: DeviceName, options: DeviceChoiceOptions = {}): Promise<DeviceChoice> {
  const processor = `The processor, with ${availableParallelism()} cores`;
  if (wanted === 'cpu') return { device: 'cpu', reason: `${processor}.` };
  const gpu = await tryGpu(options);
  if (wanted === 'webgpu') {
    if (gpu.fault === null) return { device: 'webgpu', reason: 'The graphics processor was asked for.' };
    throw new DeviceError('device/unavailable', `The device "webgpu" was asked for: ${gpu.fault}`, {
      advice: 'Choose the device "cpu".',
      cause: gpu.cause,
    });
  }
  if (gpu.fault !== null) return { device: 'cpu', reason: `${processor}: ${gpu.fault}` };
  const times = `${gpu.gpuMs.toFixed(1)} ms against ${gpu.cpuMs.toFixed(1)} ms for a short trial`;
  return gpu.gpuMs < gpu.cpuMs
    ? { device: 'webgpu', reason: `The graphics processor is faster: ${times}.` }
    : { device: 'cpu', reason: `${processor}: the graphics processor is slower, ${times}.` };
}

type GpuTrial =
  | { readonly fault: string; readonly cause?: unknown }
  | { readonly fault: null; readonly gpuMs: number; readonly cpuMs: number };

/** Runs the trial on both devices and compares; `fault` says in a sentence why the graphics processor is out. */
async function tryGpu(options: DeviceChoiceOptions): Promise<GpuTrial> {
  const makeSession = options.createSession ?? createSession;
  const mayHaveGpu = options.mayHaveGpu ?? (() => process.platform !== 'linux' || hasVulkanDriver());
  if (!mayHaveGpu()) return { fault: 'no graphics driver (Vulkan) is installed.' };
  const cpu = await deviceTrial('cpu', makeSession);
  let gpu: DeviceTrial;
  try {
    gpu = await deviceTrial('webgpu', makeSession);
  } catch (cause) {
    return { fault: 'the graphics processor did not get through a short trial.', cause };
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
