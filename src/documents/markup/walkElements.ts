import { localName } from '#shared/text/index.ts';
import { isElement, type MarkupElement, type MarkupNode } from './markupDom.ts';

/** Elements below a node, in document order. */
export function* walkElements(node: MarkupNode): Generator<MarkupElement> {
  for (const child of elementsOf(node)) {
    yield child;
    yield* walkElements(child);
  }
}

/** Elements right below a node, optionally only those of a name (without prefix, lower case). */
export function elementsOf(node: MarkupNode, name?: string): MarkupElement[] {
  const elements: MarkupElement[] = [];
  for (const child of node.childNodes) {
    if (isElement(child) && (name === undefined || localName(child) === name)) elements.push(child);
  }
  return elements;
}

/** The first element of a name below a node. */
export function findElement(node: MarkupNode, name: string): MarkupElement | null {
  for (const element of walkElements(node)) if (localName(element) === name) return element;
  return null;
}

/** Text of an element on one line; null when there is none. */
export function lineOf(element: MarkupElement | null | undefined): string | null {
  const text = element?.textContent.replace(/\s+/g, ' ').trim() ?? '';
  return text === '' ? null : text;
}
