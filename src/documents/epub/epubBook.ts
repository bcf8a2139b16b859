import type { Anchor, BookInfo, EpubPlace, LeafIndex, LeafText, TextSpan } from '#shared/domain/index.ts';
import { isRoundTrip, settleSpan, trimSpan } from '../anchorSpan.ts';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.ts';
import type { BookResource, LeafMarkup, OpenBook } from '../openBook.ts';
import { requireLeaf } from '../requireLeaf.ts';
import { parseCfi, resolvePath, type TextBoundary, writeCfi } from './cfi.ts';
import { type ContentDocument, readContent } from './contentDocument.ts';
import type { EpubContainer } from './epubContainer.ts';
import { LeafMarkupWriter } from './leafMarkupWriter.ts';

/** Parsed documents that are kept. */
const KEPT_DOCUMENTS = 8;

/** An open EPUB: one leaf for each document of its reading order. Made by `openEpub`. */
export class EpubBook implements OpenBook {
  readonly info: BookInfo;
  readonly #container: EpubContainer;
  readonly #documents = new LeastRecentlyUsed<number, Promise<ContentDocument>>(KEPT_DOCUMENTS);
  readonly #writer: LeafMarkupWriter;

  constructor(info: BookInfo, container: EpubContainer) {
    this.info = info;
    this.#container = container;
    this.#writer = new LeafMarkupWriter(container, (leaf) => this.#document(leaf));
  }

  async readLeaf(leaf: LeafIndex): Promise<LeafText> {
    requireLeaf(this.info, leaf);
    try {
      const { text } = (await this.#document(leaf)).dom;
      return { index: leaf, text, source: text === '' ? 'none' : 'markup' };
    } catch {
      return { index: leaf, text: '', source: 'unreadable' };
    }
  }

  async anchor(span: TextSpan): Promise<Anchor | null> {
    requireLeaf(this.info, span.leaf);
    const document = await this.#document(span.leaf);
    const { text, map } = document.dom;
    const trimmed = trimSpan(text, span);
    const ranges = trimmed ? map.rangesOf(trimmed.start, trimmed.end) : [];
    const [first, last] = [ranges[0], ranges.at(-1)];
    if (!trimmed || !first || !last) return null;
    const { item, idref, step } = this.#container.package.spine[span.leaf]!;
    const start: TextBoundary = { node: first.source, offset: first.start };
    const end: TextBoundary = { node: last.source, offset: last.end };
    const base = { spineStep: this.#container.package.spineStep, itemStep: step, idref };
    const place: EpubPlace = { format: 'epub', href: item.path, cfi: writeCfi(base, document.root, start, end) };
    const anchor: Anchor = { span: trimmed, quote: text.slice(trimmed.start, trimmed.end), place };
    return isRoundTrip(anchor, locate(document, place, anchor.quote)) ? anchor : null;
  }

  async resolve(anchor: Anchor): Promise<TextSpan | null> {
    const { place } = anchor;
    if (place.format !== 'epub') return null;
    const leaf = this.#leafOf(place);
    if (leaf === null) return null;
    const found = locate(await this.#document(leaf), place, anchor.quote);
    return found && { leaf, ...found };
  }

  async markup(leaf: LeafIndex): Promise<LeafMarkup> {
    requireLeaf(this.info, leaf);
    return this.#writer.write(leaf, await this.#document(leaf));
  }

  async resource(href: string): Promise<BookResource | null> {
    const mediaType = this.#container.mediaTypeOf(href);
    const bytes = mediaType === null ? null : await this.#container.read(href);
    return mediaType !== null && bytes ? { mediaType, bytes } : null;
  }

  close(): Promise<void> {
    this.#container.close();
    return Promise.resolve();
  }

  /** The step in the CFI decides; the path helps when the order of the book has changed. */
  #leafOf(place: EpubPlace): LeafIndex | null {
    const step = parseCfi(place.cfi)?.itemStep;
    const { spine } = this.#container.package;
    const byStep = spine.findIndex((item) => item.step === step && item.item.path === place.href);
    const index = byStep >= 0 ? byStep : spine.findIndex(({ item }) => item.path === place.href);
    return this.info.leaves[index]?.index ?? null;
  }

  #document(leaf: number): Promise<ContentDocument> {
    const kept = this.#documents.get(leaf);
    if (kept) return kept;
    const reading = this.#read(leaf);
    this.#documents.set(leaf, reading);
    return reading;
  }

  async #read(leaf: number): Promise<ContentDocument> {
    const { path } = this.#container.package.spine[leaf]!.item;
    return readContent((await this.#container.read(path)) ?? new Uint8Array(), path);
  }
}

function locate(document: ContentDocument, place: EpubPlace, quote: string): { start: number; end: number } | null {
  const cfi = parseCfi(place.cfi);
  const start = cfi && resolvePath(document.root, cfi.start);
  const end = cfi && resolvePath(document.root, cfi.end);
  const { map, text } = document.dom;
  const from = start && map.offsetOf(start.node, start.offset);
  const to = end && map.offsetOf(end.node, end.offset);
  return settleSpan(text, quote, from === null || to === null ? null : { start: from, end: to });
}
