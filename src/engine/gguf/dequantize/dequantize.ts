import { ModelFileError } from '#shared/errors/index.ts';
import { type GgmlType, ggmlByteLength, ggmlLayouts } from '../ggmlType.ts';
import { dequantizeBF16 } from './dequantizeBF16.ts';
import { dequantizeF16 } from './dequantizeF16.ts';
import { dequantizeF32 } from './dequantizeF32.ts';
import { dequantizeQ4_0 } from './dequantizeQ4_0.ts';
import { dequantizeQ4_1 } from './dequantizeQ4_1.ts';
import { dequantizeQ4_K } from './dequantizeQ4_K.ts';
import { dequantizeQ5_0 } from './dequantizeQ5_0.ts';
import { dequantizeQ5_1 } from './dequantizeQ5_1.ts';
import { dequantizeQ5_K } from './dequantizeQ5_K.ts';
import { dequantizeQ6_K } from './dequantizeQ6_K.ts';
import { dequantizeQ8_0 } from './dequantizeQ8_0.ts';

/** Unpacks whole blocks from the start of `bytes` until `output` is full. */
type Dequantizer = (bytes: Uint8Array, output: Float32Array) => void;

const dequantizers = {
  F32: dequantizeF32,
  F16: dequantizeF16,
  BF16: dequantizeBF16,
  Q4_0: dequantizeQ4_0,
  Q4_1: dequantizeQ4_1,
  Q5_0: dequantizeQ5_0,
  Q5_1: dequantizeQ5_1,
  Q8_0: dequantizeQ8_0,
  Q4_K: dequantizeQ4_K,
  Q5_K: dequantizeQ5_K,
  Q6_K: dequantizeQ6_K,
} as const satisfies Partial<Record<GgmlType, Dequantizer>>;

/** The types whose values can be computed with. */
export type ComputableType = keyof typeof dequantizers;

/** Names of the types that can be computed with, for messages and tests. */
export const computableTypes = Object.keys(dequantizers) as readonly ComputableType[];

/** Whether values of a type can be computed with. */
export const isComputable = (type: GgmlType): type is ComputableType => Object.hasOwn(dequantizers, type);

/**
 * Unpacks `count` elements, whole blocks of `type`, from the start of `bytes`.
 *
 * @returns `[count]` float32, in the order of the file
 * @throws {ModelFileError} `model/unsupported` for a type that has no dequantiser
 */
export function dequantize(type: GgmlType, bytes: Uint8Array, count: number): Float32Array {
  if (!isComputable(type)) {
    throw new ModelFileError(
      'model/unsupported',
      `Weights of type ${type} cannot be computed with; ${computableTypes.join(', ')} can.`,
      { advice: 'Choose a file of the same model in one of these types, such as Q4_K_M.' },
    );
  }
  if (count % ggmlLayouts[type].blockElements !== 0 || bytes.length < ggmlByteLength(type, count)) {
    throw new RangeError(`${count} elements of ${type} do not lie in ${bytes.length} bytes`);
  }
  const output = new Float32Array(count);
  dequantizers[type](bytes, output);
  return output;
}
