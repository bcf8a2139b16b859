import type { ValueStoreType } from '#shared/domain/index.ts';
import type { Edge, GraphBuilder } from '../graphBuilder.ts';

/** Which rows of a store are read: whole pages of them. */
export interface PagesOfRows {
  /** `[k]` int64 */
  readonly pages: Edge;
  /** Rows of a page. */
  readonly pageRows: number;
}

/** Rows of a store that are packed, each with a scale. */
export interface PackedRows {
  readonly type: Exclude<ValueStoreType, 'float32'>;
  /** `[rows, elements]`: int8 for `int8`, uint8 for `int4`. */
  readonly codes: Edge;
  /** `[rows]` */
  readonly scales: Edge;
  /** Elements of the store that a row takes. */
  readonly elements: number;
}

/**
 * Makes numbers of packed rows.
 *
 * ```
 * int8  codes ──────────────────────────────────── DequantizeLinear
 * int4  codes ─┬─ & 15 ─┬─ Concat ──────────────── DequantizeLinear
 *              └─ >> 4 ─┘            8 for each row ─┘
 * ```
 * @returns `[rows, headDim]` float32
 */
export function unpackRows(graph: GraphBuilder, { type, codes, scales }: PackedRows, at: string): Edge {
  const unpacked = { name: `${at}/DequantizeLinear`, attributes: { axis: 0 } };
  if (type === 'int8') return graph.node('DequantizeLinear', [codes, scales], unpacked);
  const byte = (value: number): Edge =>
    graph.sharedConstant(`/bytes/${value}`, 'uint8', [1], () => Uint8Array.of(value));
  const lower = graph.node('BitwiseAnd', [codes, byte(15)], { name: `${at}/lower/BitwiseAnd` });
  const upper = graph.node('BitShift', [codes, byte(4)], {
    name: `${at}/upper/BitShift`,
    attributes: { direction: 'RIGHT' },
  });
  const numbers = graph.node('Concat', [lower, upper], { name: `${at}/Concat`, attributes: { axis: 1 } });
  const rows = graph.node('Shape', [scales], { name: `${at}/rows/Shape` });
  const middles = graph.node('Expand', [byte(8), rows], { name: `${at}/middles/Expand` });
  return graph.node('DequantizeLinear', [numbers, scales, middles], unpacked);
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
