import type { GgmlType } from './ggmlType.ts';
import type { WeightSource } from './weightSource.ts';

/** A metadata value. 64-bit integers are numbers where they are exact, bigints elsewhere. */
export type GgufValue = string | number | bigint | boolean | readonly GgufValue[];

/** Where one tensor lies in the file. */
export interface GgufTensor {
  readonly name: string;
  readonly type: GgmlType;
  /** In ggml's order: `shape[0]` is the row length, the last is the slowest. */
  readonly shape: readonly number[];
  readonly elements: number;
  readonly byteLength: number;
  /** Counted from the start of the file. */
  readonly fileOffset: number;
}

/** An open model file: its header is in memory, its tensors are read when asked for. */
export interface GgufFile extends WeightSource {
  readonly path: string;
  readonly fileBytes: number;
  /** Version of the container, 2 or 3. */
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** Gives the file back. Reading afterwards is a fault. */
  close(): void;
}
