import type { TextMap } from './textMap.ts';
import { TextMapBuilder } from './textMapBuilder.ts';

/**
 * As much of a DOM node as plain text needs. A browser's nodes fit it, and so do those of
 * the parser in the document process: both sides count the same characters.
 */
export interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly childNodes: ArrayLike<DomNode>;
}

/**
 * The plain text of a DOM subtree. Sources of the map are its text nodes:
 * `map.rangesOf(start, end)` gives text nodes with ranges in their data (for `Range` or for
 * a highlight), `map.offsetOf(node, offset)` is the way back.
 */
export interface DomText<Node extends DomNode = DomNode> {
  readonly text: string;
  readonly map: TextMap<Node>;
  /** For each element and text node that was read its `[start, end)` in the text; see `offsetOfNode`. */
  readonly spans: ReadonlyMap<Node, { readonly start: number; readonly end: number }>;
}

/** Elements that begin a new block, whatever their style says: it is not known in every process. */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table ' +
    'tbody tfoot text thead tr caption ul'
  ).split(' '),
);

/** Elements whose text is not read: machinery, and the small print over ruby. The sanitiser drops the same ones. */
export const UNREAD_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'head script style template noscript iframe object embed audio video canvas title metadata desc rt rp ' +
    'annotation annotation-xml textarea select datalist option optgroup'
  ).split(' '),
);

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

/**
 * Reads a DOM subtree as a person would: blocks are parted by `\n\n`, `<br>` is `\n`, table
 * cells are parted by a space, white space collapses (not in `<pre>`), no-break spaces are
 * spaces, soft hyphens vanish, and of ruby only the base is read.
 *
 * Use: `domText(element)`, on the very element whose content is the leaf's markup.
 */
export function domText<Node extends DomNode & { readonly childNodes: ArrayLike<Node> }>(root: Node): DomText<Node> {
  const builder = new TextMapBuilder<Node>();
  const spans = new Map<Node, { start: number; end: number }>();

  const visit = (node: Node, preformatted: boolean): void => {
    const start = builder.length;
    if (node.nodeType === TEXT || node.nodeType === CDATA) {
      const value = node.nodeValue ?? '';
      if (preformatted) builder.addVerbatim(node, value);
      else builder.add(node, value);
      spans.set(node, { start, end: builder.length });
      return;
    }
    const name = node.nodeType === ELEMENT ? localName(node) : '';
    if (UNREAD_ELEMENTS.has(name)) return;
    if (name === 'br') {
      builder.breakLine(1);
      return;
    }
    const isBlock = BLOCK_ELEMENTS.has(name);
    if (isBlock) builder.breakLine(2);
    if (name === 'td' || name === 'th') builder.space();
    const children = node.childNodes;
    for (let index = 0; index < children.length; index++) visit(children[index]!, preformatted || name === 'pre');
    spans.set(node, { start, end: builder.length });
    if (isBlock) builder.breakLine(2);
  };

  visit(root, false);
  const map = builder.build();
  return { text: map.text, map, spans };
}

/** Where an element or text node begins: the offset of its first character, or of what follows an empty one. */
export function offsetOfNode<Node extends DomNode>(dom: DomText<Node>, node: Node): number | null {
  const span = dom.spans.get(node);
  if (!span) return null;
  let { start } = span;
  while (start < dom.text.length && (dom.text[start] === '\n' || dom.text[start] === ' ')) start += 1;
  return start;
}

/**
 * The offset of a boundary as DOM ranges and selections state it: characters into a text
 * node, or children into an element. Null when the container was not read.
 */
export function offsetOfBoundary<Node extends DomNode & { readonly childNodes: ArrayLike<Node> }>(
  dom: DomText<Node>,
  container: Node,
  offset: number,
): number | null {
  if (container.nodeType === TEXT || container.nodeType === CDATA) {
    return dom.map.offsetOf(container, offset) ?? offsetOfNode(dom, container);
  }
  for (let index = offset; index < container.childNodes.length; index++) {
    const start = offsetOfNode(dom, container.childNodes[index]!);
    if (start !== null) return start;
  }
  return dom.spans.get(container)?.end ?? null;
}

/** Tag name without prefix, in lower case: XHTML and HTML parsers differ in both. */
export function localName(node: DomNode): string {
  const name = node.nodeName.toLowerCase();
  return name.slice(name.indexOf(':') + 1);
}
