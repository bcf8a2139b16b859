import type { ModelDescription } from '../model/index.ts';
import { storeInput } from './farInputs.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { unpackRows } from './operators/storedRows.ts';
import { queryKeyProduct } from './products.ts';

/**
 * How much of the range of a page's keys counts: the bound of Quest takes all of it, but that all elements
 * of one key lie at their ends is rare. *Measured* on 6,000 tokens of a novel (quick model, pages of 16,
 * 512 tokens read): half of it finds 58.5 % of the distant mass of a layer's own heads, all of it
 * 57.0 %, the true mass of each page 63.3 %.
 */
const RANGE_SHARE = 0.5;

/**
 * Picks the pages of distant tokens that a layer reads: those with the largest sum over its heads of the
 * mass they may hold (bounds as in Quest, arXiv 2406.10774, section 3.2).
 *
 * ```
 * q ───── QK(middles) ─┬─ Add ─ Softmax over pages ─ ReduceSum over heads ─ TopK ─ pages [k]
 * |q|/2 ─ QK(halves) ──┘
 * ```
 * @param queries of the KV heads that keep keys, `[kept, g * s, headDim]`
 * @param count `[1]` int64: how many pages to read, `k`
 * @returns `[k]` int64, the likeliest first
 */
export function pageSelection(
  graph: GraphBuilder,
  model: ModelDescription,
  layer: number,
  { queries, kvHeads, count }: { readonly queries: Edge; readonly kvHeads: number; readonly count: Edge },
): Edge {
  const at = `/layers.${layer}/attn/pages`;
  const bound = (name: 'middles' | 'halves'): Edge => {
    const input = `${storeInput('farKeys', layer)}/${name}`;
    const rows = graph.input(input, 'int8', [`pages*${kvHeads}`, model.headDim]);
    const scales = graph.input(`${input}/scales`, 'float32', [`pages*${kvHeads}`]);
    const unpacked = unpackRows(graph, { type: 'int8', codes: rows, scales, elements: model.headDim }, `${at}/${name}`);
    const shape = graph.shape([-1, kvHeads, model.headDim]);
    return graph.node('Reshape', [unpacked, shape], { name: `${at}/${name}/Reshape` });
  };
  const magnitudes = graph.node('Abs', [queries], { name: `${at}/Abs` });
  const shares = graph.node('Mul', [magnitudes, graph.scalar(RANGE_SHARE)], { name: `${at}/Mul` });
  const logits = graph.node(
    'Add',
    [
      queryKeyProduct(graph, model, queries, bound('middles'), `${at}/middles`),
      queryKeyProduct(graph, model, shares, bound('halves'), `${at}/halves`),
    ],
    { name: `${at}/Add` },
  );
  const mass = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  const perPage = graph.node('ReduceSum', [mass, graph.shape([0, 1])], {
    name: `${at}/ReduceSum`,
    attributes: { keepdims: 0 },
  });
  const [, pages] = graph.nodes('TopK', [perPage, count], { name: `${at}/TopK`, outputs: 2 });
  return pages!;
}
