import { localName } from '#shared/text/index.ts';
import { escapeHtml } from '../markup/escapeHtml.ts';
import { externalUrl } from '../markup/externalUrl.ts';
import { filterCss } from '../markup/filterCss.ts';
import type { MarkupElement } from '../markup/markupDom.ts';
import { decodeXml } from '../markup/parseMarkup.ts';
import {
  type LinkTarget,
  type MarkupReferences,
  sanitiseAttributes,
  sanitiseMarkup,
} from '../markup/sanitiseMarkup.ts';
import { findElement, walkElements } from '../markup/walkElements.ts';
import type { LeafMarkup } from '../openBook.ts';
import type { ContentDocument } from './contentDocument.ts';
import type { EpubContainer } from './epubContainer.ts';
import { resolveHref } from './resolveHref.ts';

/**
 * Writes the markup and styles of an EPUB's leaves. The markup is one `<div data-body>` that
 * carries what `html` and `body` said (class, language, direction, style) and, where pages
 * have a fixed size, `data-viewport="WIDTHxHEIGHT"` in CSS pixels.
 */
export class LeafMarkupWriter {
  readonly #container: EpubContainer;
  readonly #document: (leaf: number) => Promise<ContentDocument>;
  readonly #leafOfPath = new Map<string, number>();
  /** Offsets of ids in each leaf that a link has led to. */
  readonly #ids = new Map<number, ReadonlyMap<string, number>>();
  readonly #sheets = new Map<string, string>();

  constructor(container: EpubContainer, document: (leaf: number) => Promise<ContentDocument>) {
    this.#container = container;
    this.#document = document;
    for (const [leaf, { item }] of container.package.spine.entries()) {
      if (!this.#leafOfPath.has(item.path)) this.#leafOfPath.set(item.path, leaf);
    }
  }

  async write(leaf: number, document: ContentDocument): Promise<LeafMarkup> {
    const { path } = this.#container.package.spine[leaf]!.item;
    await this.#findTargets(path, document);
    const references = this.#references(path);
    // A drawing has no body: it is the content itself.
    const isDrawing = document.body === document.root && localName(document.root) === 'svg';
    const content = sanitiseMarkup(isDrawing ? { childNodes: [document.root] } : document.body, references);
    const attributes = isDrawing ? '' : bodyAttributes(document, references);
    return { html: `<div data-body${attributes}>${content}</div>`, css: await this.#css(path, document) };
  }

  #references(path: string): MarkupReferences {
    return {
      link: (href) => this.#link(path, href),
      resource: (reference) => this.#resource(path, reference),
    };
  }

  #link(path: string, href: string): LinkTarget {
    const place = resolveHref(path, href);
    if (!place) {
      const url = externalUrl(href);
      return url === null ? null : { kind: 'external', url };
    }
    const leaf = this.#leafOfPath.get(place.path);
    if (leaf === undefined) return null;
    const offset = place.fragment === null ? 0 : (this.#ids.get(leaf)?.get(place.fragment) ?? 0);
    return { kind: 'place', leaf, offset };
  }

  #resource(path: string, reference: string): string | null {
    const place = resolveHref(path, reference);
    return place && this.#container.mediaTypeOf(place.path) !== null && this.#container.has(place.path)
      ? place.path
      : null;
  }

  /** Reads the documents this one links into, so that links lead to the very place. Once for each document. */
  async #findTargets(path: string, document: ContentDocument): Promise<void> {
    for (const element of walkElements(document.body)) {
      const href = localName(element) === 'a' ? element.getAttribute('href') : null;
      const place = href === null ? null : resolveHref(path, href);
      const leaf = place?.fragment ? this.#leafOfPath.get(place.path) : undefined;
      if (leaf === undefined || this.#ids.has(leaf)) continue;
      const target = await this.#document(leaf).catch(() => null);
      this.#ids.set(leaf, target?.offsetOfId ?? new Map());
    }
  }

  async #css(path: string, document: ContentDocument): Promise<string> {
    const sheets: string[] = [];
    for (const element of walkElements(document.root)) {
      const name = localName(element);
      if (name === 'style') {
        sheets.push(filterCss(element.textContent, (reference) => this.#resource(path, reference)));
      } else if (name === 'link' && /^\s*stylesheet\s*$/i.test(element.getAttribute('rel') ?? '')) {
        const place = resolveHref(path, element.getAttribute('href') ?? '');
        if (place) sheets.push(await this.#sheet(place.path));
      }
    }
    return sheets.filter((sheet) => sheet !== '').join('\n');
  }

  async #sheet(path: string): Promise<string> {
    const kept = this.#sheets.get(path);
    if (kept !== undefined) return kept;
    const bytes = await this.#container.read(path).catch(() => null);
    const css = bytes ? filterCss(decodeXml(bytes), (reference) => this.#resource(path, reference)) : '';
    this.#sheets.set(path, css);
    return css;
  }
}

function bodyAttributes({ root, body }: ContentDocument, references: MarkupReferences): string {
  const own = sanitiseAttributes(body, references);
  const inherited = ['dir', 'lang', 'class']
    .map((name) => [name, root.getAttribute(name) ?? (name === 'lang' ? root.getAttribute('xml:lang') : null)] as const)
    .filter(([name, value]) => value !== null && !own.includes(` ${name}="`))
    .map(([name, value]) => ` ${name}="${escapeHtml(value ?? '')}"`)
    .join('');
  return own + inherited + viewport(root);
}

/** The size of a page of fixed layout, as its `viewport` states it. */
function viewport(root: MarkupElement): string {
  const head = findElement(root, 'head');
  const metas = head ? [...walkElements(head)].filter((element) => element.getAttribute('name') === 'viewport') : [];
  const content = metas[0]?.getAttribute('content') ?? '';
  const width = /width\s*=\s*(\d+)/.exec(content)?.[1];
  const height = /height\s*=\s*(\d+)/.exec(content)?.[1];
  return width && height ? ` data-viewport="${width}x${height}"` : '';
}
