import { rowsGraph, rowsInput } from '../graph/rowsGraph.ts';
import { integers, words } from './hostTensor.ts';
import type { DeviceSession, DeviceTensor, HostTensor } from './ort.ts';
import type { RowChange, RowChangeKind, RowMemory } from './residentRows.ts';

/**
 * Rows in buffers of WebGPU, one for each name. A buffer cannot grow, so rows that join are copied together with
 * those that are there into a new one, on the device.
 */
export class GpuRows implements RowMemory {
  readonly #open: (model: Uint8Array) => Promise<DeviceSession>;
  /** By what they do to which names: stores of one kind change together, so these are few. */
  readonly #sessions = new Map<string, DeviceSession>();

  /** @param open makes a session whose outputs stay in the buffers */
  constructor(open: (model: Uint8Array) => Promise<DeviceSession>) {
    this.#open = open;
  }

  async change(kind: RowChangeKind, changes: readonly RowChange[]): Promise<readonly DeviceTensor[]> {
    const names = changes.map(({ name }) => name);
    const session = await this.#sessionOf(kind, names);
    const feeds: Record<string, HostTensor | DeviceTensor> = {};
    for (const { name, rows, kept, added, rowWords } of changes) {
      feeds[rowsInput(name, 'added')] = words(added, [added.length / rowWords, rowWords]);
      if (rows) feeds[rowsInput(name, 'present')] = rows;
      if (kept) feeds[rowsInput(name, 'kept')] = integers(kept);
    }
    const outputs = await session.run(feeds);
    for (const { rows } of changes) if (rows) this.release(rows);
    return names.map((name) => outputs[name]!);
  }

  release({ held }: DeviceTensor): void {
    held.dispose();
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await session.dispose();
    this.#sessions.clear();
  }

  async #sessionOf(kind: RowChangeKind, names: readonly string[]): Promise<DeviceSession> {
    const key = [kind, ...names].join(' ');
    const session = this.#sessions.get(key) ?? (await this.#open(rowsGraph(kind, names).serialise()));
    this.#sessions.set(key, session);
    return session;
  }
}
