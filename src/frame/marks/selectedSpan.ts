import type { LeafIndex, TextSpan } from '#shared/domain/index.ts';

/** The text of one leaf, as far as a selection needs it. */
export interface SelectableLeaf {
  readonly leaf: LeafIndex;
  readonly text: string;
  /** The plain text offset of a place in the DOM; null outside of the leaf. */
  offsetOf(node: Node, offset: number): number | null;
}

export interface SelectedText {
  readonly span: TextSpan | null;
  readonly text: string;
}

/**
 * What is selected, as a span of plain text. A span lies in one leaf: of a selection that
 * runs over several, the part in its first leaf that holds text is taken.
 * @param leafOf finds the leaf around an element; null where there is none
 * @param range what is selected; null where nothing is
 */
export function selectedSpan(
  range: Range | StaticRange | null,
  leafOf: (element: Element) => SelectableLeaf | null,
): SelectedText {
  if (!range || range.collapsed) return { span: null, text: '' };
  const first = leafAround(range.startContainer, leafOf);
  const last = leafAround(range.endContainer, leafOf);
  const from = first && spanIn(first, range);
  const span = from ?? (last && spanIn(last, range));
  const leaf = from ? first : last;
  return span && leaf ? { span, text: leaf.text.slice(span.start, span.end) } : { span: null, text: '' };
}

function leafAround(node: Node, leafOf: (element: Element) => SelectableLeaf | null): SelectableLeaf | null {
  const element = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : node.parentElement;
  return element && leafOf(element);
}

function spanIn(leaf: SelectableLeaf, range: Range | StaticRange): TextSpan | null {
  const start = leaf.offsetOf(range.startContainer, range.startOffset) ?? 0;
  const end = leaf.offsetOf(range.endContainer, range.endOffset) ?? leaf.text.length;
  return end > start ? { leaf: leaf.leaf, start, end } : null;
}
