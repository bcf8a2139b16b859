import type { WeightSource } from '../../gguf/index.ts';
import { blockTypeOf } from './integerBlocks.ts';
import { type PackedMatrix, packedBits, packMatrix } from './packMatrix.ts';

/**
 * Packs matrices of equal row length below one another, so that one operator multiplies with
 * all of them. Where their types differ they meet at 8 bits, and at the smaller block.
 */
export function stackMatrices(weights: WeightSource, names: readonly string[]): PackedMatrix {
  const tensors = names.map((name) => weights.tensors.get(name)!);
  const bits = tensors.every(({ type }) => packedBits(type) === 4) ? 4 : 8;
  const blockElements = tensors.some(({ type }) => blockTypeOf(type)?.blockElements === 16) ? 16 : 32;
  const matrices = tensors.map(({ name, type, shape }) => {
    const readRows = (firstRow: number, rowCount: number): Uint8Array => weights.readRows(name, firstRow, rowCount);
    return packMatrix({ type, rows: shape[1]!, columns: shape[0]!, readRows }, bits, blockElements);
  });
  const [first] = matrices;
  if (matrices.length === 1 && first) return first;
  return {
    rows: matrices.reduce((sum, { rows }) => sum + rows, 0),
    columns: first!.columns,
    bits,
    blockElements,
    quantised: joinBytes(matrices.map(({ quantised }) => quantised)),
    scales: joinFloats(matrices.map(({ scales }) => scales)),
    zeroPoints: matrices.some(({ zeroPoints }) => zeroPoints)
      ? joinBytes(matrices.map(({ zeroPoints, scales }) => zeroPoints ?? new Uint8Array(scales.length).fill(128)))
      : null,
    residues: matrices.some(({ residues }) => residues)
      ? joinFloats(matrices.map(({ residues, scales }) => residues ?? new Float32Array(scales.length)))
      : null,
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  return fill(new Uint8Array(lengthOf(parts)), parts);
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  return fill(new Float32Array(lengthOf(parts)), parts);
}

const lengthOf = (parts: readonly ArrayLike<number>[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function fill<Values extends Uint8Array | Float32Array>(whole: Values, parts: readonly Values[]): Values {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
