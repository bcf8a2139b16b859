import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { rowsGraph, rowsInput } from '../graph/rowsGraph.ts';
import type { HostTensor } from './ort.ts';
import type { RowChange, RowChangeKind, RowMemory } from './residentRows.ts';

/** Opens a graph for WebGPU whose outputs stay in its buffers. */
export type OpenOnGpu = (model: Uint8Array) => Promise<InferenceSession>;

/**
 * Rows in buffers of WebGPU, one for each name. A buffer cannot grow, so rows that join are copied together with
 * those that are there into a new one, on the device.
 */
export class GpuRows implements RowMemory<Tensor> {
  readonly #open: OpenOnGpu;
  /** By what they do to which names: stores of one kind change together, so these are few. */
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(open: OpenOnGpu) {
    this.#open = open;
  }

  async change(kind: RowChangeKind, changes: readonly RowChange<Tensor>[]): Promise<readonly Tensor[]> {
    const session = await this.#sessionOf(
      kind,
      changes.map(({ name }) => name),
    );
    const feeds: Record<string, Tensor> = {};
    for (const { name, rows, kept, added, rowWords } of changes) {
      feeds[rowsInput(name, 'added')] = new Tensor('int32', added, [added.length / rowWords, rowWords]);
      if (rows) feeds[rowsInput(name, 'present')] = rows;
      if (kind === 'shift') {
        feeds[rowsInput(name, 'kept')] = new Tensor('int64', BigInt64Array.from(kept, BigInt), [kept.length]);
      }
    }
    const outputs = await session.run(feeds);
    for (const { rows } of changes) rows?.dispose();
    return changes.map(({ name }) => outputs[name]!);
  }

  release(rows: Tensor): void {
    rows.dispose();
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async #sessionOf(kind: RowChangeKind, names: readonly string[]): Promise<InferenceSession> {
    const key = [kind, ...names].join(' ');
    const session = this.#sessions.get(key) ?? (await this.#open(rowsGraph(kind, names).serialise()));
    this.#sessions.set(key, session);
    return session;
  }
}

/**
 * Rows in a buffer, as a graph takes them. The buffer holds words, and a tensor over it may call them what they are.
 * The runtime's binding takes int8 in buffers, as it takes every type; only the constructor of its tensors does
 * not list it (onnxruntime-common 1.30), so the type is set afterwards.
 */
export function gpuTensor(rows: Tensor, { type, dims }: Pick<HostTensor, 'type' | 'dims'>): Tensor {
  const tensor = Tensor.fromGpuBuffer(rows.gpuBuffer, { dataType: 'uint8', dims });
  return Object.assign(tensor, { type });
}
