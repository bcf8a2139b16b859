import {
  type Anchor,
  type BookInfo,
  type LeafIndex,
  type LeafText,
  leafIndex,
  type OutlineEntry,
  type TextPlace,
  type TextSpan,
} from '#shared/domain/index.ts';
import { offsetOfNode, quoteMatch } from '#shared/text/index.ts';
import { isRoundTrip, settleSpan, trimSpan } from '../anchorSpan.ts';
import type { BookFile } from '../bookFile.ts';
import { buildSections } from '../buildSections.ts';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.ts';
import { externalUrl } from '../markup/externalUrl.ts';
import { type MarkupReferences, sanitiseMarkup } from '../markup/sanitiseMarkup.ts';
import type { LeafMarkup, OpenBook } from '../openBook.ts';
import { requireLeaf } from '../requireLeaf.ts';
import { type BuiltLeaf, buildLeaf, headingTitle, type MarkdownLeaf, markdownLeaves } from './markdownLeaves.ts';

const KEPT_LEAVES = 8;

/** An open Markdown file, laid out as its marks say. */
export class MarkdownBook implements OpenBook {
  readonly info: BookInfo;
  readonly #leaves: readonly MarkdownLeaf[];
  readonly #built = new LeastRecentlyUsed<number, BuiltLeaf>(KEPT_LEAVES);
  readonly #headings = new Map<string, { readonly leaf: number; readonly offset: number }>();

  constructor(file: BookFile, text: string) {
    this.#leaves = markdownLeaves(text);
    const outline = this.#readOutline();
    const leaves = this.#leaves.map((leaf, index) => ({
      index: leafIndex(index),
      label: `lines ${leaf.firstLine}\u2013${leaf.lastLine}`,
    }));
    this.info = {
      id: file.id,
      format: 'markdown',
      title: outline.find(({ depth }) => depth === 0)?.title ?? file.name,
      author: null,
      language: null,
      direction: 'ltr',
      fileBytes: file.fileBytes,
      leaves,
      outline,
      sections: buildSections(leaves, outline, 1),
    };
  }

  readLeaf(leaf: LeafIndex): Promise<LeafText> {
    const { text } = this.#build(leaf).dom;
    return Promise.resolve({ index: leaf, text, source: text === '' ? 'none' : 'file' });
  }

  anchor(span: TextSpan): Promise<Anchor | null> {
    const built = this.#build(span.leaf);
    const trimmed = trimSpan(built.dom.text, span);
    if (!trimmed) return Promise.resolve(null);
    const quote = built.dom.text.slice(trimmed.start, trimmed.end);
    const anchor: Anchor = { span: trimmed, quote, place: this.#placeOf(built, trimmed, quote) };
    return Promise.resolve(isRoundTrip(anchor, this.#locate(anchor)) ? anchor : null);
  }

  resolve(anchor: Anchor): Promise<TextSpan | null> {
    return Promise.resolve(this.#locate(anchor));
  }

  markup(leaf: LeafIndex): Promise<LeafMarkup> {
    return Promise.resolve({ html: sanitiseMarkup(this.#build(leaf).body, this.#references()), css: '' });
  }

  resource(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #build(leaf: LeafIndex | number): BuiltLeaf {
    requireLeaf(this.info, leafIndex(leaf));
    const kept = this.#built.get(leaf);
    if (kept) return kept;
    const built = buildLeaf(this.#leaves[leaf]!);
    this.#built.set(leaf, built);
    return built;
  }

  #readOutline(): OutlineEntry[] {
    const outline: OutlineEntry[] = [];
    for (const [leaf, { blocks }] of this.#leaves.entries()) {
      if (!blocks.some((block) => block.headingDepth !== null)) continue;
      const built = buildLeaf(this.#leaves[leaf]!);
      for (const [index, block] of blocks.entries()) {
        if (block.headingDepth === null) continue;
        const title = headingTitle(block);
        const offset = offsetOfNode(built.dom, built.elements[index]!) ?? 0;
        outline.push({ title, depth: block.headingDepth - 1, target: { leaf: leafIndex(leaf), offset } });
        const slug = slugOf(title);
        if (!this.#headings.has(slug)) this.#headings.set(slug, { leaf, offset });
      }
    }
    return outline;
  }

  /** Pictures beside the file are not loaded: the person opened one file, not its folder. */
  #references(): MarkupReferences {
    return {
      link: (href) => {
        const place = href.startsWith('#') ? this.#headings.get(href.slice(1).toLowerCase()) : undefined;
        if (place) return { kind: 'place', ...place };
        const url = externalUrl(href);
        return url === null ? null : { kind: 'external', url };
      },
      resource: () => null,
    };
  }

  /** Where the words are written, or else where their block begins. */
  #placeOf(built: BuiltLeaf, span: TextSpan, quote: string): TextPlace {
    const index = blockAt(built, span.start);
    const block = this.#leaves[span.leaf]!.blocks[index]!;
    const near =
      (span.start - (offsetOfNode(built.dom, built.elements[index]!) ?? 0)) * scaleOf(built, index, block.source);
    const written = quoteMatch(block.source, quote, { near });
    const before = block.source.slice(0, written?.start ?? 0);
    const lastBreak = before.lastIndexOf('\n');
    return { format: 'text', line: block.line + before.split('\n').length - 1, column: before.length - lastBreak };
  }

  #locate({ place, quote }: Anchor): TextSpan | null {
    if (place.format !== 'text') return null;
    const leaf = this.#leaves.findIndex(({ lastLine }) => place.line <= lastLine);
    const blocks = this.#leaves[leaf]?.blocks;
    if (!blocks) return null;
    const built = this.#build(leaf);
    const index = Math.max(
      0,
      blocks.findLastIndex(({ line }) => line <= place.line),
    );
    const block = blocks[index]!;
    const lines = block.source.split('\n').slice(0, place.line - block.line);
    const written = lines.reduce((sum, line) => sum + line.length + 1, 0) + place.column - 1;
    const blockStart = offsetOfNode(built.dom, built.elements[index]!) ?? 0;
    const start = Math.round(blockStart + written / scaleOf(built, index, block.source));
    const found = settleSpan(built.dom.text, quote, { start, end: start + quote.length });
    return found && { leaf: leafIndex(leaf), ...found };
  }
}

function blockAt(built: BuiltLeaf, offset: number): number {
  return Math.max(
    0,
    built.elements.findLastIndex((element) => (offsetOfNode(built.dom, element) ?? 0) <= offset),
  );
}

/** Characters written for each character read, on average over a block. */
function scaleOf(built: BuiltLeaf, index: number, source: string): number {
  const span = built.dom.spans.get(built.elements[index]!);
  return source.length / Math.max(1, span ? span.end - span.start : 1);
}

/** How links inside Markdown name a heading: lower case, hyphens for spaces, no punctuation. */
function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}
