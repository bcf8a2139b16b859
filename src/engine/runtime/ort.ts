import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { Device } from '#shared/contract/index.ts';
import { DeviceError } from '#shared/errors/index.ts';
import { deviceTraits } from './deviceTraits.ts';
import { GpuRows } from './gpuRows.ts';
import { ResidentRows } from './residentRows.ts';
import type { RowHistory } from './rowHistory.ts';

/** Values of a tensor on the host. */
export type HostData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A tensor that is fed to a session: a view of host memory, never a copy. */
export interface HostTensor {
  readonly type: 'float32' | 'int8' | 'uint8' | 'int32' | 'int64';
  readonly data: HostData;
  readonly dims: readonly number[];
  /** Where rows come from one call to the next: a device with memory of its own keeps them and is fed what is new. */
  readonly history?: RowHistory;
}

/** A tensor in the memory of a device. What is in it may be called by another type, of as many bytes in all. */
export interface DeviceTensor extends Pick<HostTensor, 'type' | 'dims'> {
  /** The runtime's hold on it. Its data must never be asked for: that ends the process. */
  readonly held: Tensor;
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

/** A compiled graph whose outputs stay in the memory of its device. */
export interface DeviceSession {
  run(feeds: Readonly<Record<string, HostTensor | DeviceTensor>>): Promise<Readonly<Record<string, DeviceTensor>>>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** @default 'cpu' */
  readonly device?: Device;
  /** Threads inside an operator. */
  readonly threads: number;
}

/** Makes a session from a serialised graph. Everything above can be given a fake in its place. */
export type SessionFactory = (model: Uint8Array, options: SessionOptions) => Promise<GraphSession>;

/** A provider that the runtime's binary was built with. */
export interface RuntimeProvider {
  /** As the runtime calls it: `DeviceTraits.provider`. */
  readonly name: string;
  /** Whether its library is here: CUDA's is not in the package. */
  readonly installed: boolean;
}

/** What the runtime can be asked for on this machine. */
export const runtimeProviders = (): readonly RuntimeProvider[] =>
  listSupportedBackends().map(({ name, bundled }) => ({
    name,
    installed: bundled || existsSync(providerLibrary(name)),
  }));

/** Where the library of a provider lies that is not bundled, beside the runtime's own. */
export function providerLibrary(name: string): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const binaries = join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch);
  return join(binaries, `libonnxruntime_providers_${name}.so`);
}

/**
 * Compiles a graph with ONNX Runtime. On a device that keeps rows, those fed with a history stay in its memory from
 * one run to the next.
 *
 * @throws {DeviceError} when the device is missing or refuses the graph
 */
export const createSession: SessionFactory = async (model, options) => {
  const session = await open(model, options);
  const { keepsRows } = deviceTraits[options.device ?? 'cpu'];
  const residents = keepsRows ? new ResidentRows(gpuRows(options)) : null;
  return {
    async run(feeds, fetches) {
      const inputs = toTensors({ ...feeds, ...(await residents?.update(feeds)) });
      const outputs = await (fetches ? session.run(inputs, fetches) : session.run(inputs));
      const result: Record<string, Float32Array> = {};
      for (const name in outputs) result[name] = outputs[name]!.data as Float32Array;
      return result;
    },
    async dispose() {
      await residents?.dispose();
      await session.release();
    },
  };
};

const gpuRows = (options: SessionOptions): GpuRows =>
  new GpuRows(async (model): Promise<DeviceSession> => {
    const session = await open(model, options, 'gpu-buffer');
    return {
      async run(feeds) {
        const outputs = await session.run(toTensors(feeds));
        const kept = Object.entries(outputs).map(([name, held]) => [
          name,
          { type: held.type as HostTensor['type'], dims: held.dims, held },
        ]);
        return Object.fromEntries(kept) as Record<string, DeviceTensor>;
      },
      dispose: () => session.release(),
    };
  });

/**
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
 * @param outputs where outputs are left; those in a buffer must never be read
 */
async function open(
  model: Uint8Array,
  options: SessionOptions,
  outputs: 'cpu' | 'gpu-buffer' = 'cpu',
): Promise<InferenceSession> {
  const device = options.device ?? 'cpu';
  return InferenceSession.create(model, {
    executionProviders: [deviceTraits[device].provider],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: false,
    logSeverityLevel: 3,
    preferredOutputLocation: outputs,
    extra: {
      session: {
        intra_op: { allow_spinning: '1' },
        force_spinning_stop: '1',
        ...(device !== 'cpu' && { disable_cpu_ep_fallback: '1' }),
      },
    },
  }).catch((cause: unknown) => {
    throw new DeviceError('device/unavailable', `The device "${device}" cannot run the model: ${String(cause)}`, {
      advice: device === 'cpu' ? 'Please report this.' : 'Choose the device "cpu".',
      cause,
    });
  });
}

function toTensors(feeds: Readonly<Record<string, HostTensor | DeviceTensor>>): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const name in feeds) tensors[name] = toTensor(feeds[name]!);
  return tensors;
}

/**
 * The binding takes int8 in a buffer as it takes every type; only the constructor of tensors does not list it
 * (onnxruntime-common 1.30), so the type is set afterwards.
 */
function toTensor(feed: HostTensor | DeviceTensor): Tensor {
  const { type, dims } = feed;
  if ('data' in feed) return new Tensor(type, feed.data as Float32Array, dims);
  return Object.assign(Tensor.fromGpuBuffer(feed.held.gpuBuffer, { dataType: 'uint8', dims }), { type });
}
