import { BLOCK_ELEMENTS, localName, UNREAD_ELEMENTS } from '#shared/text/index.ts';
import {
  HTML_ATTRIBUTES,
  HTML_ELEMENTS,
  MATHML_ATTRIBUTES,
  MATHML_ELEMENTS,
  SVG_ATTRIBUTES,
  SVG_ELEMENTS,
  VOID_ELEMENTS,
} from './allowedMarkup.ts';
import { escapeHtml } from './escapeHtml.ts';
import { filterDeclarations } from './filterCss.ts';
import { isElement, type MarkupElement, type MarkupNode } from './markupDom.ts';

/** Where a link leads: a place in the book, an address outside, or nowhere. */
export type LinkTarget =
  | { readonly kind: 'place'; readonly leaf: number; readonly offset: number }
  | { readonly kind: 'external'; readonly url: string }
  | null;

/** How the references of one document are understood. */
export interface MarkupReferences {
  readonly link: (href: string) => LinkTarget;
  /** Path of a resource in the container; null for everything outside. */
  readonly resource: (reference: string) => string | null;
}

type Vocabulary = 'html' | 'svg' | 'math';

/**
 * Writes the content of an element anew as HTML that may be shown: only elements and
 * attributes from the lists in `allowedMarkup` are ever written, and all text is escaped, so
 * nothing of the file's own syntax survives. Elements that are not read are left out with
 * their content; unknown ones leave their content behind.
 *
 * Pictures carry `data-resource="PATH"` instead of an address, links inside the
 * book `data-target="LEAF:OFFSET"`; only links that leave it keep their `href`. The frame makes
 * addresses of the first two and reports the third.
 *
 * Why a list of our own: the usual sanitiser needs a browser's DOM. On the parser used here
 * it reports itself as unsupported and returns its input unchanged (docs/adr/0040).
 */
export function sanitiseMarkup(
  element: { readonly childNodes: Iterable<MarkupNode> },
  references: MarkupReferences,
): string {
  const parts: string[] = [];
  for (const child of element.childNodes) write(child, 'html', false, references, parts);
  return parts.join('');
}

/** The attributes of an element that may stay, for one whose tag is written by the caller. */
export function sanitiseAttributes(element: MarkupElement, references: MarkupReferences): string {
  return attributesOf(element, 'div', 'html', references);
}

function write(
  node: MarkupNode,
  vocabulary: Vocabulary,
  insideLink: boolean,
  references: MarkupReferences,
  parts: string[],
): void {
  if (node.nodeType === 3 || node.nodeType === 4) {
    parts.push(escapeHtml(node.nodeValue ?? ''));
    return;
  }
  if (!isElement(node)) return;
  const name = localName(node);
  // Ruby's small print is shown, though it is not read.
  if (UNREAD_ELEMENTS.has(name) && name !== 'rt' && name !== 'rp') return;
  const inner: Vocabulary = name === 'svg' || name === 'math' ? name : vocabulary;
  const tag = writtenTag(node, name, inner, insideLink);
  if (tag !== null) {
    parts.push(`<${tag}${attributesOf(node, name, inner, references)}>`);
    if (VOID_ELEMENTS.has(tag)) return;
    // A parser of HTML takes the first line break of a <pre> away.
    if (tag === 'pre') parts.push('\n');
  } else if (CELLS.has(name)) parts.push(' ');
  for (const child of node.childNodes) write(child, inner, insideLink || tag === 'a', references, parts);
  if (tag !== null) parts.push(`</${tag}>`);
}

/** The tag to write; null to leave the element's content without it. */
function writtenTag(element: MarkupElement, name: string, vocabulary: Vocabulary, insideLink: boolean): string | null {
  switch (vocabulary) {
    case 'svg':
      return SVG_ELEMENTS.has(name) ? (SVG_TAGS.get(name) ?? name) : null;
    case 'math':
      return MATHML_ELEMENTS.has(name) ? name : null;
    case 'html':
      if (name === 'a' && insideLink) return null;
      if (TABLE_PARTS.has(name) && !isInTable(element)) return BLOCK_ELEMENTS.has(name) ? 'div' : null;
      if (HTML_ELEMENTS.has(name)) return name;
      // A block must stay one, or words on both sides of it would run together.
      return BLOCK_ELEMENTS.has(name) ? 'div' : null;
    default:
      return vocabulary satisfies never;
  }
}

/** Elements of SVG that HTML's parser knows by their mixed-case names. */
const SVG_TAGS: ReadonlyMap<string, string> = new Map([
  ['lineargradient', 'linearGradient'],
  ['radialgradient', 'radialGradient'],
  ['clippath', 'clipPath'],
]);

/** Cells are parted by a space when they are read; one without its table needs it written. */
const CELLS = new Set(['td', 'th']);
/** A parser of HTML drops these outside a table. */
const TABLE_PARTS = new Set([...CELLS, 'tr', 'tbody', 'thead', 'tfoot', 'caption', 'colgroup', 'col']);

function isInTable(element: MarkupElement): boolean {
  for (let parent = element.parentNode; parent; parent = parent.parentNode) {
    if (localName(parent) === 'table') return true;
  }
  return false;
}

function attributesOf(
  element: MarkupElement,
  name: string,
  vocabulary: Vocabulary,
  references: MarkupReferences,
): string {
  let written = '';
  const add = (attribute: string, value: string): void => {
    written += ` ${attribute}="${escapeHtml(value)}"`;
  };
  for (const { name: rawName, value } of element.attributes) {
    const attribute = rawName.toLowerCase();
    const kept = keptAttribute(attribute, vocabulary);
    if (kept !== null && !/url\s*\(|[\\]/i.test(value)) add(kept, value);
    else if (attribute === 'style') {
      const style = filterDeclarations(value, references.resource);
      if (style !== '') add('style', style);
    } else if (isReference(attribute, name)) addReference(name, value, references, add);
    else if (attribute === 'epub:type') add('data-epub-type', value);
  }
  return written;
}

/** The name under which an attribute is written; null to leave it out. */
function keptAttribute(attribute: string, vocabulary: Vocabulary): string | null {
  if (attribute === 'xml:lang') return 'lang';
  switch (vocabulary) {
    case 'html':
      return HTML_ATTRIBUTES.has(attribute) ? attribute : null;
    case 'svg':
      return SVG_ATTRIBUTES.get(attribute) ?? null;
    case 'math':
      return MATHML_ATTRIBUTES.has(attribute) ? attribute : null;
    default:
      return vocabulary satisfies never;
  }
}

function isReference(attribute: string, name: string): boolean {
  if (name === 'img') return attribute === 'src';
  if (name === 'image') return attribute === 'href' || attribute === 'xlink:href';
  return name === 'a' && attribute === 'href';
}

function addReference(
  name: string,
  value: string,
  references: MarkupReferences,
  add: (attribute: string, value: string) => void,
): void {
  if (name !== 'a') {
    const path = references.resource(value);
    if (path !== null) add('data-resource', path);
    return;
  }
  const target = references.link(value);
  if (target?.kind === 'place') add('data-target', `${target.leaf}:${target.offset}`);
  else if (target?.kind === 'external') add('href', target.url);
}
