import { type DomText, domText, localName, offsetOfNode } from '#shared/text/index.ts';
import type { MarkupElement, MarkupNode } from '../markup/markupDom.ts';
import { parseContent } from '../markup/parseMarkup.ts';
import { elementsOf, walkElements } from '../markup/walkElements.ts';

/** A content document of an EPUB, parsed, with its plain text. */
export interface ContentDocument {
  /** `html`, or `svg` in a drawing: where the paths of EPUB CFI begin. */
  readonly root: MarkupElement;
  /** The element whose content is the leaf. */
  readonly body: MarkupElement;
  readonly dom: DomText<MarkupNode>;
  /** Text offset of each element with an id. */
  readonly offsetOfId: ReadonlyMap<string, number>;
}

/** @throws {DocumentError} `document/damaged` */
export function readContent(bytes: Uint8Array, path: string): ContentDocument {
  const document = parseContent(bytes, path);
  const root = document.documentElement;
  const body = elementsOf(root).find((child) => localName(child) === 'body') ?? root;
  const dom = domText<MarkupNode>(body);
  const offsetOfId = new Map<string, number>();
  for (const element of [body, ...walkElements(body)]) {
    const id = element.getAttribute('id') ?? (localName(element) === 'a' ? element.getAttribute('name') : null);
    const offset = id ? offsetOfNode(dom, element) : null;
    if (id && offset !== null && !offsetOfId.has(id)) offsetOfId.set(id, offset);
  }
  return { root, body, dom, offsetOfId };
}
