import { Tensor } from 'onnxruntime-node';
import { GpuRows, gpuTensor } from './gpuRows.ts';
import { openSession } from './openSession.ts';
import { ResidentRows } from './residentRows.ts';
import type { RowHistory } from './rowHistory.ts';

/** Where a graph runs. */
export type Device = 'cpu' | 'webgpu';

/** Values of a tensor on the host. */
export type HostData = Float32Array | Int8Array | Uint8Array | BigInt64Array;

/** A tensor that is fed to a session: a view of host memory, never a copy. */
export interface HostTensor {
  readonly type: 'float32' | 'int8' | 'uint8' | 'int64';
  readonly data: HostData;
  readonly dims: readonly number[];
  /** Where rows come from one call to the next: a device with memory of its own keeps them and is fed what is new. */
  readonly history?: RowHistory;
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
 * Compiles a graph with ONNX Runtime. On another device than the processor, rows that have a history stay in
 * the device's memory between runs.
 *
 * @throws {DeviceError} when the device is missing or refuses the graph
 */
export const createSession: SessionFactory = async (model, options) => {
  const session = await openSession(model, options);
  const residents =
    (options.device ?? 'cpu') === 'cpu'
      ? null
      : new ResidentRows(new GpuRows((graph) => openSession(graph, { ...options, keepsOutputs: true })));
  return {
    async run(feeds, fetches) {
      const resident = await residents?.update(feeds);
      const inputs: Record<string, Tensor> = {};
      for (const name in feeds) {
        const feed = feeds[name]!;
        const rows = resident?.get(name);
        inputs[name] = rows ? gpuTensor(rows, feed) : new Tensor(feed.type, feed.data as Float32Array, feed.dims);
      }
      const outputs = await (fetches ? session.run(inputs, fetches) : session.run(inputs));
      const result: Record<string, Float32Array> = {};
      for (const name in outputs) result[name] = outputs[name]!.data as Float32Array;
      return result;
    },
    async dispose() {
      await residents?.dispose();
      if (options.profile) session.endProfiling();
      await session.release();
    },
  };
};
