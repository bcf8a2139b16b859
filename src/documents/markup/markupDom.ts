import type { DomNode } from '#shared/text/index.ts';

/**
 * As much of the DOM as reading a document needs, so that these files compile without a
 * browser's library: nothing else of one exists in this process.
 */
export interface MarkupNode extends DomNode {
  readonly childNodes: ArrayLike<MarkupNode> & Iterable<MarkupNode>;
  readonly parentNode: MarkupNode | null;
}

export interface MarkupElement extends MarkupNode {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

export interface MarkupDocument extends MarkupNode {
  readonly documentElement: MarkupElement;
}

export function isElement(node: MarkupNode | null): node is MarkupElement {
  return node?.nodeType === 1;
}
