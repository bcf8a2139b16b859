import type { CachePlan } from '#shared/domain/index.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { readStore, type StoreInput } from './layerRows.ts';
import { operatorsOf } from './operators/operatorsOf.ts';

/** What pages are picked for, and out of what. */
export interface PageSelectionInputs {
  /** The chunk's last query, of the KV heads that keep keys, `[kept, g, headDim]`. */
  readonly queries: Edge;
  /** Distant keys of these KV heads. */
  readonly keys: StoreInput;
  /** `[1]` int64: how many pages to read, `k`. */
  readonly count: Edge;
  /** Place of the nodes. */
  readonly at: string;
}

/**
 * Picks the pages of distant tokens that a layer reads. All keys are scored; a page counts by the key in it
 * that is nearest to the query, and those pages are picked that have the largest sum over heads.
 *
 * ```
 * q ─ products with all keys ─ ReduceMax in each page ─ Softmax over pages ─ ReduceSum over heads ─ TopK
 * ```
 * @returns `[k]` int64, the likeliest first
 */
export function pageSelection(
  graph: GraphBuilder,
  model: ModelDescription,
  plan: CachePlan,
  { queries, keys, count, at }: PageSelectionInputs,
): Edge {
  const { pageTokens } = plan.select!;
  const ofBytes =
    typeof keys.rows === 'string' ? null : operatorsOf(graph).pageMaxima(graph, model, queries, keys.rows, at);
  const logits = ofBytes ?? maximaOfNumbers();
  const mass = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: 0 } });
  const perPage = graph.node('ReduceSum', [mass, graph.shape([1, 2])], {
    name: `${at}/ReduceSum`,
    attributes: { keepdims: 0 },
  });
  const [, pages] = graph.nodes('TopK', [perPage, count], { name: `${at}/TopK`, outputs: 2 });
  return pages!;

  /** Where keys are numbers, or a device does not multiply bytes: `[pages, kept, g]`. */
  function maximaOfNumbers(): Edge {
    const logits = operatorsOf(graph).queryKeyProduct(
      graph,
      model,
      queries,
      readStore(graph, plan, keys, null, `${at}/keys`),
      at,
    );
    const group = model.heads / model.kvHeads;
    const byPage = graph.node('Reshape', [logits, graph.shape([keys.kvHeads, group, -1, pageTokens])], {
      name: `${at}/Reshape`,
    });
    const largest = graph.node('ReduceMax', [byPage, graph.shape([3])], {
      name: `${at}/ReduceMax`,
      attributes: { keepdims: 0 },
    });
    return graph.node('Transpose', [largest], { name: `${at}/Transpose`, attributes: { perm: [2, 0, 1] } });
  }
}
