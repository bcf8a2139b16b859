/** A tensor as a file keeps it: a view of host memory, written from it or filled from the file. */
export interface NamedTensor {
  readonly name: string;
  /** The slowest axis first. */
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array;
}
