import { localName } from '#shared/text/index.ts';
import type { MarkupDocument, MarkupElement } from '../markup/markupDom.ts';
import { elementsOf, findElement, lineOf, walkElements } from '../markup/walkElements.ts';
import { type ContainerPlace, resolveHref } from './resolveHref.ts';

/** One line of a table of contents, with the place it leads to still as the file writes it. */
export interface NavigationEntry {
  readonly title: string;
  readonly depth: number;
  readonly place: ContainerPlace | null;
}

const MAX_ENTRIES = 50_000;

/** The table of contents of an EPUB 3 navigation document. */
export function readNav(document: MarkupDocument, path: string): NavigationEntry[] {
  const navs = [...walkElements(document)].filter((element) => localName(element) === 'nav');
  const toc =
    navs.find((nav) => /\btoc\b/.test(nav.getAttribute('epub:type') ?? nav.getAttribute('role') ?? '')) ?? navs[0];
  const entries: NavigationEntry[] = [];
  const visit = (list: MarkupElement, depth: number): void => {
    for (const item of elementsOf(list, 'li')) {
      if (entries.length >= MAX_ENTRIES) return;
      const label = elementsOf(item).find((child) => localName(child) === 'a' || localName(child) === 'span');
      const title = lineOf(label);
      const href = label?.getAttribute('href');
      if (title) entries.push({ title, depth, place: href ? resolveHref(path, href) : null });
      for (const inner of elementsOf(item, 'ol')) visit(inner, depth + (title ? 1 : 0));
    }
  };
  for (const list of toc ? elementsOf(toc, 'ol') : []) visit(list, 0);
  return entries;
}

/** The table of contents of an EPUB 2 NCX. */
export function readNcx(document: MarkupDocument, path: string): NavigationEntry[] {
  const entries: NavigationEntry[] = [];
  const visit = (parent: MarkupElement, depth: number): void => {
    for (const point of elementsOf(parent, 'navpoint')) {
      if (entries.length >= MAX_ENTRIES) return;
      const label = elementsOf(point, 'navlabel')[0];
      const source = elementsOf(point, 'content')[0]?.getAttribute('src');
      entries.push({
        title: lineOf(label) ?? 'Untitled',
        depth,
        place: source ? resolveHref(path, source) : null,
      });
      visit(point, depth + 1);
    }
  };
  const map = findElement(document, 'navmap');
  if (map) visit(map, 0);
  return entries;
}
