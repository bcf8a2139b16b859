import { matMulNBits } from './matMulNBits.ts';
import type { OperatorSet } from './operatorSet.ts';
import { gatherPages, unpackRows } from './storedRows.ts';

/**
 * Operators that ONNX Runtime's WebGPU provider has kernels for (onnxruntime-node 1.30). It has none for
 * `FusedMatMul` and `Sum`, and none for `Concat` of int64, so a shape cannot be put together in the
 * graph: where a length is known only at run time, a `Reshape` must copy it (0) or find it (-1). Of int8 it
 * takes only `DequantizeLinear`, of int64 no `Cast`.
 */
export const webgpuOperators: OperatorSet = {
  chooses: false,

  packedProduct: matMulNBits,

  queryKeyProduct(graph, model, queries, keys, at) {
    // Queries are far fewer than logits, so they are what is scaled.
    const scaled = graph.node('Mul', [queries, graph.scalar(model.queryScale)], { name: `${at}/scale/Mul` });
    const byHead = graph.node('Transpose', [keys], { name: `${at}/keys/Transpose`, attributes: { perm: [1, 2, 0] } });
    return graph.node('MatMul', [scaled, byHead], { name: `${at}/QK` });
  },

  weightedValues(graph, weights, values, at) {
    const byHead = graph.node('Transpose', [values], {
      name: `${at}/values/Transpose`,
      attributes: { perm: [1, 0, 2] },
    });
    return graph.node('MatMul', [weights, byHead], { name: `${at}/PV` });
  },

  mixHeads(graph, model, kvHeads, mix, leaderLogits, at) {
    const byHead = graph.node('Reshape', [leaderLogits, graph.shape([model.heads, -1, 0])], {
      name: `${at}/leader/Reshape`,
    });
    // A product of matrices would lose where one row ends: this keeps n as an axis of its own.
    const mixed = graph.node('Einsum', [mix, byHead], {
      name: `${at}/mix/Einsum`,
      attributes: { equation: 'rh,hsn->rsn' },
    });
    return graph.node('Reshape', [mixed, graph.shape([kvHeads, -1, 0])], { name: `${at}/mix/Reshape` });
  },

  unpackPages: (graph, rows, headDim, pages, at) =>
    gatherPages(graph, unpackRows(graph, rows, at), headDim, pages, [-1, headDim], `${at}/unpacked`),

  /** Its provider multiplies no bytes. */
  pageMaxima: () => null,

  pageNumbers(graph, pages, mostPages, at) {
    // A number is looked up in the list of all numbers.
    const numbers = graph.sharedConstant(`/numbers/${mostPages}`, 'float32', [mostPages], () =>
      Float32Array.from({ length: mostPages }, (_, number) => number),
    );
    const found = pages.map((edge, index) =>
      graph.node('Gather', [numbers, edge], { name: `${at}/${index}/Gather`, attributes: { axis: 0 } }),
    );
    return graph.node('Concat', found, { name: `${at}/Concat`, attributes: { axis: 0 } });
  },

  /** A choice would be made on the processor, so what is there is computed always. */
  onlyIf: (_graph, _whether, _types, { then }) => then(),

  sum: (graph, terms, at) =>
    terms
      .slice(1)
      .reduce(
        (total, term, index) =>
          graph.node('Add', [total, term], { name: index + 2 === terms.length ? at : `${at}/${index}` }),
        terms[0]!,
      ),
};
