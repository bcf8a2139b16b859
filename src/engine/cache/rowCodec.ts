import type { ValueStoreType } from '#shared/domain/index.ts';
import { quantiseRow } from './quantiseRow.ts';
import { quantiseRowTo4Bits } from './quantiseRowTo4Bits.ts';
import { rotateRow } from './rotation.ts';

/** Rows as a store of some type holds them. */
export type StoredRows = Float32Array | Int8Array | Uint8Array;

/** How rows of one KV head are packed into a store. */
export interface RowCodec {
  readonly hasScales: boolean;
  /** Elements of the store's array that a row of `headDim` numbers takes. */
  elements(headDim: number): number;
  /** Bytes of such a row, its scale included. */
  rowBytes(headDim: number): number;
  allocate(elements: number): StoredRows;
  /**
   * Packs a row.
   * @param at element of the target
   * @returns its scale; 1 where there are none
   */
  pack(row: Float32Array, target: StoredRows, at: number): number;
}

const SCALE_BYTES = 4;

/** Every store type. */
export const rowCodecs: Readonly<Record<ValueStoreType, RowCodec>> = {
  float32: {
    hasScales: false,
    elements: (headDim) => headDim,
    rowBytes: (headDim) => 4 * headDim,
    allocate: (elements) => new Float32Array(elements),
    pack(row, target, at) {
      target.set(row, at);
      return 1;
    },
  },
  int8: {
    hasScales: true,
    elements: (headDim) => headDim,
    rowBytes: (headDim) => headDim + SCALE_BYTES,
    allocate: (elements) => new Int8Array(elements),
    pack: (row, target, at) => quantiseRow(row, target as Int8Array, at),
  },
  int4: {
    hasScales: true,
    elements: (headDim) => headDim / 2,
    rowBytes: (headDim) => headDim / 2 + SCALE_BYTES,
    allocate: (elements) => new Uint8Array(elements),
    pack(row, target, at) {
      const rotated = row.slice();
      rotateRow(rotated);
      return quantiseRowTo4Bits(rotated, target as Uint8Array, at);
    },
  },
};
