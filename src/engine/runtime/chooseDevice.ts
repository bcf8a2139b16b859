import { availableParallelism } from 'node:os';
import { type Device, type DeviceName, deviceTitles } from '#shared/contract/index.ts';
import { availableDevices, whyUnavailable } from './availableDevices.ts';
import { deviceTraits } from './deviceTraits.ts';
import { type DeviceTrial, deviceTrial } from './deviceTrial.ts';
import { createSession, type RuntimeProvider, runtimeProviders, type SessionFactory } from './ort.ts';

export interface DeviceChoice {
  readonly device: Device;
  /** Why, in one sentence. */
  readonly reason: string;
}

export interface DeviceChoiceOptions {
  /** Makes the sessions of the trials. @default ONNX Runtime */
  readonly createSession?: SessionFactory;
  /** What the runtime has. @default asks it */
  readonly providers?: readonly RuntimeProvider[];
  /** Why a device cannot have a driver here, as the end of a sentence; null where it may. @default looks for one */
  readonly missingDriver?: (device: Device) => string | null;
}

/**
 * How far two devices may be apart, as a share of the largest number. Each rounds in its own way: the processor
 * rounds the inputs of products to 8 bits, which alone makes 0.7%; a graphics processor may compute in half precision.
 */
const TOLERANCE = 0.02;

/**
 * Chooses where the decoder runs. A device must be one that the runtime has, and compute a short trial rightly; of
 * those `auto` takes the fastest, if it is faster than the processor. Otherwise the processor is taken, and the
 * reason says why.
 */
export async function chooseDevice(wanted: DeviceName, options: DeviceChoiceOptions = {}): Promise<DeviceChoice> {
  const processor = `The processor, with ${availableParallelism()} cores`;
  const processorFor = (why: string): DeviceChoice => ({ device: 'cpu', reason: `${processor}: ${why}.` });
  if (wanted === 'cpu') return { device: 'cpu', reason: `${processor}.` };
  const providers = options.providers ?? runtimeProviders();
  const others = availableDevices(providers).filter((device) => device !== 'cpu');
  if (wanted !== 'auto' && !others.includes(wanted)) {
    return processorFor(`${whyUnavailable(wanted, providers)}; it has ${listed(others)}`);
  }
  const candidates = wanted === 'auto' ? others : [wanted];
  // Who named a device wants to know what the runtime says of it; who left the choice open does not.
  const warn = wanted === 'auto' ? () => undefined : (message: string) => process.emitWarning(message);
  const { passed, faults, cpuMs } = await tryDevices(candidates, options, warn);
  const fastest = passed.toSorted((a, b) => a.runMs - b.runMs)[0];
  if (!fastest) return processorFor(faults.join('; ') || 'the runtime has nothing else on this kind of machine');
  const { device, runMs } = fastest;
  const title = deviceTitles[device];
  if (wanted !== 'auto') return { device, reason: `${title} was asked for.` };
  const times = `${runMs.toFixed(1)} ms against ${cpuMs.toFixed(1)} ms for a short trial`;
  return runMs < cpuMs
    ? { device, reason: `${title} is faster: ${times}.` }
    : processorFor(`${title} is slower, ${times}`);
}

const listed = (others: readonly Device[]): string =>
  others.map((device) => deviceTitles[device]).join(' and ') || 'nothing else';

interface Trials {
  readonly passed: readonly { readonly device: Device; readonly runMs: number }[];
  /** Why the others are out, each as the end of a sentence. */
  readonly faults: readonly string[];
  readonly cpuMs: number;
}

/** Runs the trial on devices, and on the processor to compare with. */
async function tryDevices(
  candidates: readonly Device[],
  options: DeviceChoiceOptions,
  warn: (message: string) => void,
): Promise<Trials> {
  const makeSession = options.createSession ?? createSession;
  const missingDriver = options.missingDriver ?? ((device) => deviceTraits[device].missingDriver?.() ?? null);
  const passed: { device: Device; runMs: number }[] = [];
  const faults: string[] = [];
  let cpu: DeviceTrial | null = null;
  for (const device of candidates) {
    const missing = missingDriver(device);
    if (missing !== null) {
      faults.push(missing);
      continue;
    }
    cpu ??= await deviceTrial('cpu', makeSession);
    try {
      const trial = await deviceTrial(device, makeSession);
      const fault = faultOf(device, trial, cpu);
      if (fault === null) passed.push({ device, runMs: trial.runMs });
      else faults.push(fault);
    } catch (cause) {
      warn(`The device "${device}" was refused: ${String(cause)}`);
      faults.push(`${deviceTitles[device]} did not get through a short trial`);
    }
  }
  return { passed, faults, cpuMs: cpu?.runMs ?? 0 };
}

/** What is wrong with what a device computed; null for nothing. */
function faultOf(device: Device, trial: DeviceTrial, cpu: DeviceTrial): string | null {
  const apart = largestDifference(cpu.output, trial.output) / Math.max(...cpu.output.map(Math.abs));
  if (apart <= TOLERANCE) return null;
  return `${deviceTitles[device]} computes wrongly, ${(100 * apart).toFixed(0)}% off in a short trial`;
}

/** NaN when any number is, or when the lengths differ: neither passes a comparison. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}
