import type { Edge, GraphBuilder } from '../graphBuilder.ts';
import type { PackedMatrix } from '../weights/packMatrix.ts';

/** `MatMulNBits` may round activations to 8 bits: the fast kernels of every CPU. */
const ACCURACY_INT8 = 4;

/** `packedProduct` in one operator of ONNX Runtime. */
export function matMulNBits(
  graph: GraphBuilder,
  input: Edge,
  matrix: PackedMatrix,
  bias: Edge | null,
  at: string,
): Edge {
  const { rows, columns, bits, blockElements, quantised, scales, zeroPoints } = matrix;
  const blocks = columns / blockElements;
  const inputs = [
    input,
    graph.constant(`${at}/weight`, 'uint8', [rows, blocks, (blockElements * bits) / 8], quantised),
    graph.constant(`${at}/scales`, 'float32', [rows, blocks], scales),
    zeroPoints ? graph.constant(`${at}/zeroPoints`, 'uint8', [rows, zeroPoints.length / rows], zeroPoints) : '',
    '',
    bias ?? '',
  ];
  while (inputs.at(-1) === '') inputs.pop();
  return graph.node('MatMulNBits', inputs, {
    name: `${at}/MatMulNBits`,
    domain: 'com.microsoft',
    attributes: { K: columns, N: rows, bits, block_size: blockElements, accuracy_level: ACCURACY_INT8 },
  });
}
