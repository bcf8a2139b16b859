import type { GgufTensor } from './ggufFile.ts';

/** What a computation must know of a tensor before it reads it. */
export type WeightTensor = Pick<GgufTensor, 'name' | 'type' | 'shape' | 'elements'>;

/**
 * Where a computation takes its weights from: a model file as it is, or one with the updates of an adapter
 * merged in. Graph, decoder and reference ask nowhere else, so they compute with the same weights.
 */
export interface WeightSource {
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  /**
   * Reads a whole tensor, packed as its type says.
   * @throws {ModelFileError} `model/damaged` when there is no such tensor or it is larger than one read may
   *   be; `model/truncated` when the file became shorter meanwhile
   */
  readTensor(name: string): Uint8Array;
  /**
   * Reads some rows of a tensor (`shape[0]` elements each), packed.
   * @throws {ModelFileError} as `readTensor`
   */
  readRows(name: string, firstRow: number, rowCount: number): Uint8Array;
}
