import { DocumentError } from '#shared/errors/index.ts';
import { localName } from '#shared/text/index.ts';
import type { MarkupDocument, MarkupElement } from '../markup/markupDom.ts';
import { elementsOf, findElement, lineOf, walkElements } from '../markup/walkElements.ts';
import { resolveHref } from './resolveHref.ts';

export interface ManifestItem {
  /** Path inside the container. */
  readonly path: string;
  readonly mediaType: string;
  readonly properties: readonly string[];
}

export interface SpineItem {
  readonly item: ManifestItem;
  readonly idref: string;
  /** Number of the itemref among its siblings as EPUB CFI counts: 2, 4, 6 ... */
  readonly step: number;
}

/** What the package document (OPF) of an EPUB states. */
export interface PackageDocument {
  readonly title: string | null;
  readonly author: string | null;
  readonly language: string | null;
  readonly direction: 'ltr' | 'rtl';
  /** Unique identifier without white space: the key of obfuscated fonts. */
  readonly identifier: string;
  readonly items: readonly ManifestItem[];
  readonly spine: readonly SpineItem[];
  /** Number of the spine element in the package as EPUB CFI counts; 6 in nearly all books. */
  readonly spineStep: number;
  readonly nav: ManifestItem | null;
  readonly ncx: ManifestItem | null;
}

/** Kinds of content that can be a leaf. */
const READABLE = new Set(['application/xhtml+xml', 'text/html', 'image/svg+xml', 'application/x-dtbook+xml']);

/**
 * Reads a package document.
 * @param path where it lies in the container: its references start there
 * @throws {DocumentError} `document/damaged` without a spine of readable parts
 */
export function packageDocument(document: MarkupDocument, path: string): PackageDocument {
  const root = document.documentElement;
  const manifest = findElement(root, 'manifest');
  const spineElement = findElement(root, 'spine');
  const byId = new Map<string, ManifestItem>();
  for (const element of manifest ? elementsOf(manifest, 'item') : []) {
    const id = element.getAttribute('id');
    const place = resolveHref(path, element.getAttribute('href') ?? '');
    if (!id || !place) continue;
    byId.set(id, {
      path: place.path,
      mediaType: element.getAttribute('media-type') ?? '',
      properties: (element.getAttribute('properties') ?? '').split(/\s+/),
    });
  }
  const spine = spineElement ? spineOf(spineElement, byId) : [];
  if (!spineElement || spine.length === 0) {
    throw new DocumentError('document/damaged', 'This EPUB names no readable part in its reading order.', {
      advice: 'Get the book again, or from another source.',
    });
  }
  const items = [...byId.values()];
  const metadata = findElement(root, 'metadata');
  return {
    title: lineOf(metadata && findElement(metadata, 'title')),
    author: authorsOf(metadata),
    language: lineOf(metadata && findElement(metadata, 'language')),
    direction: spineElement.getAttribute('page-progression-direction') === 'rtl' ? 'rtl' : 'ltr',
    identifier: identifierOf(root, metadata),
    items,
    spine,
    spineStep: 2 * (elementsOf(root).indexOf(spineElement) + 1),
    nav: items.find((item) => item.properties.includes('nav')) ?? null,
    ncx:
      byId.get(spineElement.getAttribute('toc') ?? '') ??
      items.find((item) => item.mediaType === 'application/x-dtbncx+xml') ??
      null,
  };
}

function spineOf(element: MarkupElement, byId: ReadonlyMap<string, ManifestItem>): SpineItem[] {
  return elementsOf(element).flatMap((itemref, index) => {
    const idref = itemref.getAttribute('idref') ?? '';
    const item = byId.get(idref);
    if (localName(itemref) !== 'itemref' || !item || !READABLE.has(item.mediaType)) return [];
    return [{ item, idref, step: 2 * (index + 1) }];
  });
}

function authorsOf(metadata: MarkupElement | null): string | null {
  if (!metadata) return null;
  const names: string[] = [];
  for (const element of walkElements(metadata)) {
    const name = localName(element) === 'creator' ? lineOf(element) : null;
    if (name && !names.includes(name)) names.push(name);
  }
  return names.length > 0 ? names.join(', ') : null;
}

function identifierOf(root: MarkupElement, metadata: MarkupElement | null): string {
  const wanted = root.getAttribute('unique-identifier');
  if (!metadata) return '';
  const identifiers = [...walkElements(metadata)].filter((element) => localName(element) === 'identifier');
  const unique = identifiers.find((element) => element.getAttribute('id') === wanted) ?? identifiers[0];
  return unique?.textContent.replace(/\s/g, '') ?? '';
}
