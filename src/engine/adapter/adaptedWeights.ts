import { dequantize, type WeightSource, type WeightTensor } from '../gguf/index.ts';
import type { Adapter, LowRankUpdate } from './adapter.ts';

/**
 * The weights of a model with the updates of an adapter merged in: `W + up @ down` in float32 for the matrices
 * that it changes, and the file's own bytes for all others. Rows are merged when they are read, so a changed matrix is
 * never held whole unless it is asked for whole.
 *
 * @param weights of the model that the adapter was checked against; see `readAdapterFile`
 * @param adapter null for none
 */
export function adaptedWeights(weights: WeightSource, adapter: Adapter | null): WeightSource {
  return adapter ? new AdaptedWeights(weights, adapter) : weights;
}

class AdaptedWeights implements WeightSource {
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  readonly #weights: WeightSource;
  readonly #updates: Adapter['updates'];

  constructor(weights: WeightSource, { updates }: Adapter) {
    const tensors = new Map(weights.tensors);
    for (const name of updates.keys()) tensors.set(name, { ...tensors.get(name)!, type: 'F32' });
    this.tensors = tensors;
    this.#weights = weights;
    this.#updates = updates;
  }

  readTensor(name: string): Uint8Array {
    return this.#updates.has(name)
      ? this.readRows(name, 0, this.tensors.get(name)!.shape[1]!)
      : this.#weights.readTensor(name);
  }

  readRows(name: string, firstRow: number, rowCount: number): Uint8Array {
    const packed = this.#weights.readRows(name, firstRow, rowCount);
    const update = this.#updates.get(name);
    if (!update) return packed;
    const { type, shape } = this.#weights.tensors.get(name)!;
    const rows = dequantize(type, packed, rowCount * shape[0]!);
    addUpdate(rows, update, firstRow, rowCount);
    return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  }
}

/**
 * Adds `up @ down` to some rows of its matrix. Four rows of `down` go into a row at a time, which takes about half
 * as long as one by one: a row is read and written for each.
 * @param rows `[rowCount, columns]`, changed in place
 */
function addUpdate(rows: Float32Array, { rank, down, up }: LowRankUpdate, firstRow: number, rowCount: number): void {
  const columns = down.length / rank;
  for (let row = 0; row < rowCount; row++) {
    const start = row * columns;
    const factors = (firstRow + row) * rank;
    let part = 0;
    for (; part + 4 <= rank; part += 4) {
      const a = up[factors + part]!;
      const b = up[factors + part + 1]!;
      const c = up[factors + part + 2]!;
      const d = up[factors + part + 3]!;
      for (let column = 0, at = part * columns; column < columns; column++, at++) {
        rows[start + column]! +=
          a * down[at]! + b * down[at + columns]! + c * down[at + 2 * columns]! + d * down[at + 3 * columns]!;
      }
    }
    for (; part < rank; part++) {
      const factor = up[factors + part]!;
      for (let column = 0, at = part * columns; column < columns; column++, at++) {
        rows[start + column]! += factor * down[at]!;
      }
    }
  }
}
