import type { GgmlType } from '../../gguf/index.ts';
import { unpackQ4_0, unpackQ4_1, unpackQ5_0, unpackQ5_1, unpackQ8_0 } from './unpackBlocks.ts';
import { unpackQ4_K, unpackQ5_K, unpackQ6_K } from './unpackSuperBlocks.ts';

/**
 * A matrix as integers in blocks: element `i` of block `b` is
 * `scales[b] * integers[i] + minima[b]`. Every packed type of ggml is of this form.
 */
export interface IntegerBlocks {
  /** Elements that share a scale, along a row. */
  readonly blockElements: 16 | 32;
  /** `integers` are 0 to `levels - 1`. */
  readonly levels: 16 | 32 | 64 | 256;
  /** `[elements]` */
  readonly integers: Uint8Array;
  /** `[elements / blockElements]`; may be negative (Q6_K). */
  readonly scales: Float32Array;
  /** `[elements / blockElements]` */
  readonly minima: Float32Array;
  /** For types without a minimum of their own: `minima[b]` is exactly `-zeroPoint * scales[b]`. */
  readonly zeroPoint: number | null;
}

/** Fills freshly allocated blocks from the bytes of the file. */
export type BlockUnpacker = (bytes: Uint8Array, blocks: IntegerBlocks) => void;

interface BlockType {
  readonly blockElements: 16 | 32;
  readonly levels: 16 | 32 | 64 | 256;
  readonly zeroPoint: number | null;
  readonly unpack: BlockUnpacker;
}

const blockTypes: Partial<Record<GgmlType, BlockType>> = {
  Q4_0: { blockElements: 32, levels: 16, zeroPoint: 8, unpack: unpackQ4_0 },
  Q4_1: { blockElements: 32, levels: 16, zeroPoint: null, unpack: unpackQ4_1 },
  Q5_0: { blockElements: 32, levels: 32, zeroPoint: 16, unpack: unpackQ5_0 },
  Q5_1: { blockElements: 32, levels: 32, zeroPoint: null, unpack: unpackQ5_1 },
  Q8_0: { blockElements: 32, levels: 256, zeroPoint: 128, unpack: unpackQ8_0 },
  Q4_K: { blockElements: 32, levels: 16, zeroPoint: null, unpack: unpackQ4_K },
  Q5_K: { blockElements: 32, levels: 32, zeroPoint: null, unpack: unpackQ5_K },
  Q6_K: { blockElements: 16, levels: 64, zeroPoint: 32, unpack: unpackQ6_K },
};

/** The packed types that come as integers; the others hold floats. */
export const blockTypeOf = (type: GgmlType): Omit<BlockType, 'unpack'> | undefined => blockTypes[type];

/**
 * Takes a packed matrix apart without changing a value.
 * @param elements number of elements, whole blocks
 * @returns undefined for types that hold floats
 */
export function integerBlocks(type: GgmlType, bytes: Uint8Array, elements: number): IntegerBlocks | undefined {
  const blockType = blockTypes[type];
  if (!blockType) return undefined;
  const { blockElements, levels, zeroPoint, unpack } = blockType;
  const blocks: IntegerBlocks = {
    blockElements,
    levels,
    zeroPoint,
    integers: new Uint8Array(elements),
    scales: new Float32Array(elements / blockElements),
    minima: new Float32Array(elements / blockElements),
  };
  unpack(bytes, blocks);
  return blocks;
}
