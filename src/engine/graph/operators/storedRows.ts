import type { Edge, GraphBuilder } from '../graphBuilder.ts';

/** Which rows of a store are read: whole pages of them. */
export interface PagesOfRows {
  /** `[k]` int64 */
  readonly pages: Edge;
  /** Rows of a page. */
  readonly pageRows: number;
}

/** Rows of a store that are packed. */
export interface PackedRows {
  /** `int8` and `int4` rows have a scale each; in `pages` all tokens of a page share those of their KV heads. */
  readonly packing: 'int8' | 'int4' | 'pages';
  /** `[rows, elements]`: signed bytes for `int8`, else unsigned. */
  readonly codes: Edge;
  /** `[rows]`, in `pages` `[pages * kvHeads]` */
  readonly scales: Edge;
  /** Elements of the store that a row takes. */
  readonly elements: number;
  /** Rows of a token. */
  readonly kvHeads: number;
  /** Tokens that share their scales. */
  readonly scaleTokens: number;
}

/**
 * Makes numbers of packed rows.
 *
 * ```
 * int8   codes ──────────────────── DequantizeLinear
 * int4   codes ─┬─ & 15 ─┬─ Concat ─ DequantizeLinear around 8
 *               └─ >> 4 ─┘
 * pages  codes ──────────────────── DequantizeLinear around 128
 *        scales ─ Expand to rows ───────┘
 * ```
 * @returns `[rows, headDim]` float32
 */
export function unpackRows(graph: GraphBuilder, rows: PackedRows, at: string): Edge {
  const { packing, codes, scales } = rows;
  if (packing === 'int8') {
    return graph.node('DequantizeLinear', [codes, scales], {
      name: `${at}/DequantizeLinear`,
      attributes: { axis: 0 },
    });
  }
  if (packing === 'int4') return numbersAround(graph, 8, halves(graph, codes, at), scales, at);
  return numbersAround(graph, 128, codes, rowScales(graph, rows, at), at);
}

/** Numbers of 4 bits, a byte each. */
function halves(graph: GraphBuilder, codes: Edge, at: string): Edge {
  const lower = graph.node('BitwiseAnd', [codes, byte(graph, 15)], { name: `${at}/lower/BitwiseAnd` });
  const upper = graph.node('BitShift', [codes, byte(graph, 4)], {
    name: `${at}/upper/BitShift`,
    attributes: { direction: 'RIGHT' },
  });
  return graph.node('Concat', [lower, upper], { name: `${at}/Concat`, attributes: { axis: 1 } });
}

/** A scale for each row: those of its page. */
function rowScales(graph: GraphBuilder, { scales, kvHeads, scaleTokens }: PackedRows, at: string): Edge {
  const byPage = graph.node('Reshape', [scales, graph.shape([-1, 1, kvHeads])], { name: `${at}/scales/byPage` });
  const byToken = graph.node('Expand', [byPage, graph.shape([1, scaleTokens, kvHeads])], {
    name: `${at}/scales/Expand`,
  });
  return graph.node('Reshape', [byToken, graph.shape([-1])], { name: `${at}/scales/Reshape` });
}

/** `(code - middle) * scale` of unsigned codes, row by row. */
function numbersAround(graph: GraphBuilder, middle: number, codes: Edge, scales: Edge, at: string): Edge {
  const rows = graph.node('Shape', [scales], { name: `${at}/rows/Shape` });
  const middles = graph.node('Expand', [byte(graph, middle), rows], { name: `${at}/middles/Expand` });
  return graph.node('DequantizeLinear', [codes, scales, middles], {
    name: `${at}/DequantizeLinear`,
    attributes: { axis: 0 },
  });
}

/** A shared byte. */
export const byte = (graph: GraphBuilder, value: number): Edge =>
  graph.sharedConstant(`/bytes/${value}`, 'uint8', [1], () => Uint8Array.of(value));

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
