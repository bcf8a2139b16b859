import type { Edge, GraphBuilder } from '../graphBuilder.ts';

/** Which rows of a store are read: whole pages of them. */
export interface PagesOfRows {
  /** `[k]` int64 */
  readonly pages: Edge;
  /** Rows of a page. */
  readonly pageRows: number;
}

/**
 * Makes numbers of int8 rows, each of which has a scale.
 * @param codes `[rows, width]` int8
 * @param scales `[rows]`
 * @returns `[rows, width]` float32
 */
export function unpackRows(graph: GraphBuilder, codes: Edge, scales: Edge, at: string): Edge {
  return graph.node('DequantizeLinear', [codes, scales], { name: `${at}/DequantizeLinear`, attributes: { axis: 0 } });
}

/**
 * Takes the rows of some pages.
 * @param rows of any shape and type, `width` elements a row
 * @param shape of the result, with -1 for what depends on the number of pages
 */
export function gatherPages(
  graph: GraphBuilder,
  rows: Edge,
  width: number,
  { pages, pageRows }: PagesOfRows,
  shape: readonly number[],
  at: string,
): Edge {
  const byPage = graph.node('Reshape', [rows, graph.shape([-1, pageRows * width])], { name: `${at}/pages` });
  const some = graph.node('Gather', [byPage, pages], { name: `${at}/Gather`, attributes: { axis: 0 } });
  return graph.node('Reshape', [some, graph.shape(shape)], { name: `${at}/rows` });
}
