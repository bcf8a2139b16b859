import type { DeviceTensor, HostTensor } from './ort.ts';
import type { RowHistory } from './rowHistory.ts';

/**
 * How rows in a device's memory change: `fill` holds the added rows and nothing else, `append` puts them behind
 * those that are there, `shift` behind those of them that are kept.
 */
export type RowChangeKind = 'fill' | 'append' | 'shift';

/** A change of the rows that are fed under one name. Rows are whole words of 32 bits, whatever is in them. */
export interface RowChange {
  readonly name: string;
  /** What is there now; null for `fill`. */
  readonly rows: DeviceTensor | null;
  /** `[kept]`: which of them stay; null for all. */
  readonly kept: readonly number[] | null;
  /** `[added, rowWords]`, a view of the store. */
  readonly added: Int32Array;
  readonly rowWords: number;
}

/** Memory of a device that holds rows. */
export interface RowMemory {
  /** Makes the changes, all of one kind, and lets go of what was there before. */
  change(kind: RowChangeKind, changes: readonly RowChange[]): Promise<readonly DeviceTensor[]>;
  release(rows: DeviceTensor): void;
  dispose(): Promise<void>;
}

interface Resident {
  readonly rows: DeviceTensor;
  readonly count: number;
  readonly history: RowHistory;
}

const WORD_BYTES = 4;

/**
 * Keeps the rows that one session is fed in the memory of its device, as far as they have a history. Stores stay
 * on the host, which quantises, writes files and goes back in a text; a device is given what it has not got yet:
 * the rows of the last chunk for what is near, those of a block once it has become distant. After going back, or
 * for another text, everything is given once more.
 *
 * It holds what was fed last, of one text: memory is that of one cache, and twice that for a moment as rows join.
 */
export class ResidentRows {
  readonly #memory: RowMemory;
  readonly #residents = new Map<string, Resident>();

  constructor(memory: RowMemory) {
    this.#memory = memory;
  }

  /**
   * Brings the device up to what is fed.
   * @returns the rows on the device, by name, to be fed in place of those on the host
   */
  async update(feeds: Readonly<Record<string, HostTensor>>): Promise<Readonly<Record<string, DeviceTensor>>> {
    const changes: Record<RowChangeKind, RowChange[]> = { fill: [], append: [], shift: [] };
    for (const [name, feed] of Object.entries(feeds)) {
      const change = this.#changeOf(name, feed);
      if (change) changes[kindOf(change)].push(change);
    }
    for (const kind of ['fill', 'append', 'shift'] as const) {
      if (changes[kind].length === 0) continue;
      const changed = await this.#memory.change(kind, changes[kind]);
      for (const [index, { name }] of changes[kind].entries()) {
        const { dims, history } = feeds[name]!;
        this.#residents.set(name, { rows: changed[index]!, count: dims[0]!, history: history! });
      }
    }
    const resident: Record<string, DeviceTensor> = {};
    for (const [name, { rows }] of this.#residents) {
      const { type, dims } = feeds[name]!;
      resident[name] = { ...rows, type, dims };
    }
    return resident;
  }

  async dispose(): Promise<void> {
    for (const name of [...this.#residents.keys()]) this.#forget(name);
    await this.#memory.dispose();
  }

  /** What has to be done for one name; null for nothing. */
  #changeOf(name: string, { data, dims, history }: HostTensor): RowChange | null {
    const count = dims[0] ?? 0;
    const rowWords = data.byteLength / WORD_BYTES / count;
    if (!history || !Number.isInteger(rowWords)) {
      this.#forget(name);
      return null;
    }
    const words = new Int32Array(data.buffer, data.byteOffset, count * rowWords);
    const resident = this.#residents.get(name);
    if (resident?.history.edition === history.edition) {
      const departed = history.departedRows - resident.history.departedRows;
      const stay = resident.count - departed;
      if (departed === 0 && stay === count) return null;
      if (stay > 0 && stay < count && (departed === 0 || stay >= history.fixedRows)) {
        const kept = departed === 0 ? null : keptRows(history.fixedRows, departed, stay);
        return { name, rows: resident.rows, kept, added: words.subarray(stay * rowWords), rowWords };
      }
    }
    // What is of no use any more makes room first.
    this.#forget(name);
    return { name, rows: null, kept: null, added: words, rowWords };
  }

  #forget(name: string): void {
    const resident = this.#residents.get(name);
    if (!resident) return;
    this.#residents.delete(name);
    this.#memory.release(resident.rows);
  }
}

function kindOf({ rows, kept }: RowChange): RowChangeKind {
  if (!rows) return 'fill';
  return kept ? 'shift' : 'append';
}

/** The numbers of `count` rows that stay when `departed` leave from behind the fixed ones. */
const keptRows = (fixed: number, departed: number, count: number): number[] =>
  Array.from({ length: count }, (_, row) => (row < fixed ? row : row + departed));
