import type { Edge, GraphBuilder } from '../graphBuilder.ts';
import { elementCode } from '../onnxSchema.ts';
import { matMulNBits } from './matMulNBits.ts';
import type { OperatorSet } from './operatorSet.ts';
import { byte, gatherPages, unpackRows } from './storedRows.ts';

/**
 * Operators of the processor.
 *
 * `FusedMatMul` reads keys and values head by head without a copy (`transBatchB`) though they lie token
 * by token, and scales in the same pass (`alpha`).
 */
export const cpuOperators: OperatorSet = {
  chooses: true,

  packedProduct: matMulNBits,

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
    const scalePages = { ...pages, pageRows: pages.pageRows / rows.scaleTokens };
    const scales = gatherPages(graph, rows.scales, 1, scalePages, [-1], `${at}/scales`);
    return unpackRows(graph, { ...rows, codes, scales }, at);
  },

  pageMaxima(graph, model, queries, { packing, codes, scales, kvHeads, scaleTokens }, at) {
    if (packing !== 'pages') return null;
    const group = model.heads / model.kvHeads;
    const heads = kvHeads * group;
    const width = kvHeads * model.headDim;
    // A row of codes holds all KV heads of a token, so a query has zeros where the others' numbers are.
    const columns = graph.node('Transpose', [queries], { name: `${at}/q/Transpose`, attributes: { perm: [2, 0, 1] } });
    const apart = graph.node('Mul', [columns, ownHead(graph, kvHeads, model.queryScale)], { name: `${at}/q/Mul` });
    const matrix = graph.node('Reshape', [apart, graph.shape([width, heads])], { name: `${at}/q/matrix` });
    const [bytes, scale, zero] = graph.nodes('DynamicQuantizeLinear', [matrix], { name: `${at}/q/codes`, outputs: 3 });
    const pages = graph.node('Reshape', [codes, graph.shape([-1, scaleTokens, width])], { name: `${at}/tokens` });
    const products = graph.node(
      'MatMulIntegerToFloat',
      [pages, bytes!, graph.scalar(1), scale!, byte(graph, 128), zero!],
      { name: `${at}/products`, domain: 'com.microsoft' },
    );
    const largest = graph.node('ReduceMax', [products, graph.shape([1])], {
      name: `${at}/ReduceMax`,
      attributes: { keepdims: 0 },
    });
    const byHead = graph.node('Reshape', [largest, graph.shape([-1, kvHeads, group])], { name: `${at}/byHead` });
    const keyScales = graph.node('Reshape', [scales, graph.shape([-1, kvHeads, 1])], { name: `${at}/keyScales` });
    return graph.node('Mul', [byHead, keyScales], { name: `${at}/logits` });
  },

  pageNumbers(graph, pages, _mostPages, at) {
    const joined = graph.node('Concat', pages, { name: `${at}/Concat`, attributes: { axis: 0 } });
    return graph.node('Cast', [joined], { name: `${at}/Cast`, attributes: { to: elementCode.float32 } });
  },

  onlyIf: (graph, whether, types, parts, at) => graph.choose(whether, types, parts, at),

  sum: (graph, terms, at) => graph.node('Sum', terms, { name: at }),
};

/** The scale of queries where a KV head meets itself, `[kvHeads, 1, kvHeads, 1]`. */
const ownHead = (graph: GraphBuilder, kvHeads: number, scale: number): Edge =>
  graph.sharedConstant(`/ownHead/${kvHeads}`, 'float32', [kvHeads, 1, kvHeads, 1], () =>
    Float32Array.from({ length: kvHeads * kvHeads }, (_, at) => (at % (kvHeads + 1) === 0 ? scale : 0)),
  );
