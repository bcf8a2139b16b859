import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DeviceError } from '#shared/errors/index.ts';

/** Where a graph runs. */
export type Device = 'cpu' | 'webgpu';

/** Values of a tensor on the host. */
export type HostData = Float32Array | Int8Array | Uint8Array | BigInt64Array;

/** A tensor that is fed to a session: a view of host memory, never a copy. */
export interface HostTensor {
  readonly type: 'float32' | 'int8' | 'uint8' | 'int64';
  readonly data: HostData;
  readonly dims: readonly number[];
}

/** A compiled graph. */
export interface GraphSession {
  /**
   * Runs the graph once. Blocks this thread while it runs, and cannot be interrupted.
   * @param fetches outputs to return; all by default
   */
  run(
    feeds: Readonly<Record<string, HostTensor>>,
    fetches?: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** @default 'cpu' */
  readonly device?: Device;
  /** Threads inside an operator. */
  readonly threads: number;
  /** A file name prefix to write a profile to. */
  readonly profile?: string;
}

/** Makes a session from a serialised graph. Everything above can be given a fake in its place. */
export type SessionFactory = (model: Uint8Array, options: SessionOptions) => Promise<GraphSession>;

/**
 * Compiles a graph with ONNX Runtime.
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
export const createSession: SessionFactory = async (model, options) => {
  const device = options.device ?? 'cpu';
  const session = await InferenceSession.create(model, {
    executionProviders: [device],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
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
  return {
    async run(feeds, fetches) {
      const inputs: Record<string, Tensor> = {};
      for (const name in feeds) inputs[name] = toTensor(feeds[name]!);
      const outputs = await (fetches ? session.run(inputs, fetches) : session.run(inputs));
      const result: Record<string, Float32Array> = {};
      for (const name in outputs) result[name] = outputs[name]!.data as Float32Array;
      return result;
    },
    async dispose() {
      if (options.profile) session.endProfiling();
      await session.release();
    },
  };
};

function toTensor({ type, data, dims }: HostTensor): Tensor {
  return new Tensor(type, data as Float32Array, dims);
}
