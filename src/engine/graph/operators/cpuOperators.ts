import { elementCode } from '../onnxSchema.ts';
import type { OperatorSet } from './operatorSet.ts';
import { gatherPages, unpackRows } from './storedRows.ts';

/**
 * Operators of the processor.
 *
 * `FusedMatMul` reads keys and values head by head without a copy (`transBatchB`) though they lie token
 * by token, and scales in the same pass (`alpha`).
 */
export const cpuOperators: OperatorSet = {
  queryKeyProduct: (graph, model, queries, keys, at) =>
    graph.node('FusedMatMul', [queries, keys], {
      name: `${at}/QK`,
      domain: 'com.microsoft',
      attributes: { transB: 1, transBatchB: 1, alpha: { float: model.queryScale } },
    }),

  weightedValues: (graph, weights, values, at) =>
    graph.node('FusedMatMul', [weights, values], {
      name: `${at}/PV`,
      domain: 'com.microsoft',
      attributes: { transBatchB: 1 },
    }),

  groupMean: (graph, model, shares, weights, at) =>
    graph.node('FusedMatMul', [shares, weights], {
      name: `${at}/FusedMatMul`,
      domain: 'com.microsoft',
      attributes: { transA: 1, alpha: { float: 1 / model.heads } },
    }),

  mixHeads(graph, model, kvHeads, mix, leaderLogits, at) {
    // [kvHeads, g * s, n] is [heads, s, n] in memory, and mixing does not care what a head's numbers are.
    const flat = graph.node('Reshape', [leaderLogits, graph.shape([model.heads, -1])], {
      name: `${at}/leader/Reshape`,
    });
    const product = graph.node('MatMul', [mix, flat], { name: `${at}/mix/MatMul` });
    const columns = graph.node('Shape', [leaderLogits], { name: `${at}/mix/Shape`, attributes: { start: 1 } });
    const shape = graph.node('Concat', [graph.shape([kvHeads]), columns], {
      name: `${at}/mix/Concat`,
      attributes: { axis: 0 },
    });
    return graph.node('Reshape', [product, shape], { name: `${at}/mix/Reshape` });
  },

  unpackPages(graph, rows, _headDim, pages, at) {
    // Rows that nobody reads stay packed.
    const codes = gatherPages(graph, rows.codes, rows.elements, pages, [-1, rows.elements], `${at}/codes`);
    const scales = gatherPages(graph, rows.scales, 1, pages, [-1], `${at}/scales`);
    return unpackRows(graph, { ...rows, codes, scales }, at);
  },

  pageNumbers(graph, pages, _mostPages, at) {
    const joined = graph.node('Concat', pages, { name: `${at}/Concat`, attributes: { axis: 0 } });
    return graph.node('Cast', [joined], { name: `${at}/Cast`, attributes: { to: elementCode.float32 } });
  },

  sum: (graph, terms, at) => graph.node('Sum', terms, { name: at }),
};
