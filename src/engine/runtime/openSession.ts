import { InferenceSession } from 'onnxruntime-node';
import { DeviceError } from '#shared/errors/index.ts';
import type { SessionOptions } from './ort.ts';

export interface OpenSessionOptions extends SessionOptions {
  /** Leaves outputs in the memory of the device. They must never be read: `data` of one ends the process. */
  readonly keepsOutputs?: boolean;
}

/**
 * Compiles a graph with ONNX Runtime, for `createSession` and what keeps rows on a device.
 *
 * Every session has threads of its own. They spin between operators, which is worth microseconds
 * a node, and must stop when a run ends, or they would take the cores from the next session.
 * The arena is on: what the activations of a chunk took is kept and serves the calls that follow. Without it
 * every operator asks the system for memory: reading was a sixth slower (quick model, 4,096 tokens). Patterns of
 * memory are off: every length of a text would get one of its own, which no other call uses, and the process
 * grew from 1.4 to 2.2 GB in reading the same text twice.
 *
 * A graph for another device than the processor is refused where one of its nodes would run on the processor:
 * each of them would copy its inputs and outputs between the two, token by token.
 *
 * @throws {DeviceError} when the device is missing or refuses the graph
 */
export async function openSession(model: Uint8Array, options: OpenSessionOptions): Promise<InferenceSession> {
  const device = options.device ?? 'cpu';
  return InferenceSession.create(model, {
    executionProviders: [device],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(options.keepsOutputs && { preferredOutputLocation: 'gpu-buffer' }),
    extra: {
      session: {
        intra_op: { allow_spinning: '1' },
        force_spinning_stop: '1',
        ...(device !== 'cpu' && { disable_cpu_ep_fallback: '1' }),
      },
    },
    ...(options.profile && { enableProfiling: true, profileFilePrefix: options.profile }),
  }).catch((cause: unknown) => {
    throw new DeviceError('device/unavailable', `The device "${device}" cannot run the model: ${String(cause)}`, {
      advice: device === 'cpu' ? 'Please report this.' : 'Choose the device "cpu".',
      cause,
    });
  });
}
