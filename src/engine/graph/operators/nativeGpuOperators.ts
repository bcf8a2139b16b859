import type { PackedMatrix } from '../weights/packMatrix.ts';
import { matMulNBits } from './matMulNBits.ts';
import type { OperatorSet } from './operatorSet.ts';
import { webgpuOperators } from './webgpuOperators.ts';

/**
 * Operators that both CUDA's and DirectML's provider have kernels for, as their sources say. DirectML's are the
 * narrower: its `MatMulNBits` takes no bias, and without zero points counts from 0 where ONNX Runtime means the
 * middle; its `Einsum` knows a list of equations and not ours.
 */
export const nativeGpuOperators: OperatorSet = {
  ...webgpuOperators,

  packedProduct(graph, input, matrix, bias, at) {
    const product = matMulNBits(graph, input, { ...matrix, zeroPoints: zeroPointsOf(matrix) }, null, at);
    return bias === null ? product : graph.node('Add', [product, bias], { name: `${at}/bias/Add` });
  },

  mixHeads(graph, model, kvHeads, mix, leaderLogits, at) {
    const transpose = (edge: string, name: string): string =>
      graph.node('Transpose', [edge], { name: `${at}/${name}/Transpose`, attributes: { perm: [1, 0, 2] } });
    const byHead = graph.node('Reshape', [leaderLogits, graph.shape([model.heads, -1, 0])], {
      name: `${at}/leader/Reshape`,
    });
    const mixed = graph.node('MatMul', [mix, transpose(byHead, 'leader')], { name: `${at}/mix/MatMul` });
    return graph.node('Reshape', [transpose(mixed, 'mix'), graph.shape([kvHeads, -1, 0])], {
      name: `${at}/mix/Reshape`,
    });
  },
};

/** Those of the matrix, or the middle of its numbers for every block; at 4 bits two a byte. */
function zeroPointsOf({ rows, columns, bits, blockElements, zeroPoints }: PackedMatrix): Uint8Array {
  if (zeroPoints) return zeroPoints;
  const rowBytes = Math.ceil(((columns / blockElements) * bits) / 8);
  return new Uint8Array(rows * rowBytes).fill(bits === 4 ? 0x88 : 0x80);
}
