import type { OperatorSet } from './operatorSet.ts';

/**
 * Operators that ONNX Runtime's WebGPU provider has kernels for (onnxruntime-node 1.30). It has none for
 * `FusedMatMul` and `Sum`, and none for `Concat` of int64, so a shape cannot be put together in the
 * graph: where a length is known only at run time, a `Reshape` must copy it (0) or find it (-1).
 */
export const webgpuOperators: OperatorSet = {
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

  groupMean(graph, model, shares, weights, at) {
    const scaled = graph.node('Mul', [shares, graph.scalar(1 / model.heads)], { name: `${at}/scale/Mul` });
    const rows = graph.node('Transpose', [scaled], { name: `${at}/shares/Transpose`, attributes: { perm: [0, 2, 1] } });
    return graph.node('MatMul', [rows, weights], { name: `${at}/MatMul` });
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

  sum: (graph, terms, at) =>
    terms
      .slice(1)
      .reduce(
        (total, term, index) =>
          graph.node('Add', [total, term], { name: index + 2 === terms.length ? at : `${at}/${index}` }),
        terms[0]!,
      ),
};
