import {
  type Anchor,
  type BookInfo,
  type LeafIndex,
  type LeafText,
  leafIndex,
  type TextPlace,
  type TextSpan,
} from '#shared/domain/index.ts';
import { type DomText, domText } from '#shared/text/index.ts';
import { isRoundTrip, settleSpan, trimSpan } from '../anchorSpan.ts';
import type { BookFile } from '../bookFile.ts';
import { buildSections } from '../buildSections.ts';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.ts';
import { escapeHtml } from '../markup/escapeHtml.ts';
import type { LeafMarkup, OpenBook } from '../openBook.ts';
import { requireLeaf } from '../requireLeaf.ts';

/** Lines a leaf of a text file holds: some ten printed pages. */
export const LINES_PER_LEAF = 400;
const KEPT_LEAVES = 8;

/** What `domText` reads of a leaf in the window: a `<pre>` with one text node. */
interface PreNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly childNodes: readonly PreNode[];
}

/** An open plain text file. */
export class PlainTextBook implements OpenBook {
  readonly info: BookInfo;
  readonly #leaves: readonly string[];
  readonly #texts = new LeastRecentlyUsed<number, DomText<PreNode>>(KEPT_LEAVES);

  constructor(file: BookFile, text: string) {
    this.#leaves = splitLeaves(text);
    const leaves = this.#leaves.map((lines, index) => {
      const first = index * LINES_PER_LEAF + 1;
      return { index: leafIndex(index), label: `lines ${first}\u2013${first + countLines(lines) - 1}` };
    });
    this.info = {
      id: file.id,
      format: 'text',
      title: file.name,
      author: null,
      language: null,
      direction: 'ltr',
      fileBytes: file.fileBytes,
      leaves,
      outline: [],
      sections: buildSections(leaves, [], 1),
    };
  }

  readLeaf(leaf: LeafIndex): Promise<LeafText> {
    const { text } = this.#read(leaf);
    return Promise.resolve({ index: leaf, text, source: text.trim() === '' ? 'none' : 'file' });
  }

  anchor(span: TextSpan): Promise<Anchor | null> {
    const dom = this.#read(span.leaf);
    const trimmed = trimSpan(dom.text, span);
    if (!trimmed) return Promise.resolve(null);
    const place = this.#placeOf(dom, trimmed);
    const anchor: Anchor = { span: trimmed, quote: dom.text.slice(trimmed.start, trimmed.end), place };
    return Promise.resolve(isRoundTrip(anchor, this.#locate(place, anchor.quote)) ? anchor : null);
  }

  resolve(anchor: Anchor): Promise<TextSpan | null> {
    if (anchor.place.format !== 'text') return Promise.resolve(null);
    return Promise.resolve(this.#locate(anchor.place, anchor.quote));
  }

  markup(leaf: LeafIndex): Promise<LeafMarkup> {
    requireLeaf(this.info, leaf);
    // A parser of HTML takes the first line break of a <pre> away, so one is given for it to take.
    return Promise.resolve({ html: `<pre>\n${escapeHtml(this.#leaves[leaf]!)}</pre>`, css: '' });
  }

  resource(): Promise<null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #read(leaf: LeafIndex): DomText<PreNode> {
    requireLeaf(this.info, leaf);
    const kept = this.#texts.get(leaf);
    if (kept) return kept;
    const characters: PreNode = { nodeType: 3, nodeName: '#text', nodeValue: this.#leaves[leaf]!, childNodes: [] };
    const dom = domText<PreNode>({ nodeType: 1, nodeName: 'pre', nodeValue: null, childNodes: [characters] });
    this.#texts.set(leaf, dom);
    return dom;
  }

  #placeOf(dom: DomText<PreNode>, { leaf, start, end }: TextSpan): TextPlace {
    const offset = dom.map.rangesOf(start, end)[0]?.start ?? 0;
    const before = this.#leaves[leaf]!.slice(0, offset);
    const line = leaf * LINES_PER_LEAF + countLines(before);
    return { format: 'text', line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
  }

  #locate(place: TextPlace, quote: string): TextSpan | null {
    const leaf = leafIndex(Math.floor((place.line - 1) / LINES_PER_LEAF));
    const lines = this.#leaves[leaf]?.split('\n');
    if (!lines) return null;
    const lineInLeaf = (place.line - 1) % LINES_PER_LEAF;
    const offset = lines.slice(0, lineInLeaf).reduce((sum, line) => sum + line.length + 1, 0) + place.column - 1;
    const dom = this.#read(leaf);
    const characters = dom.map.runs[0]?.source;
    const start = characters ? (dom.map.offsetOf(characters, offset) ?? 0) : 0;
    const found = settleSpan(dom.text, quote, { start, end: start + quote.length });
    return found && { leaf, ...found };
  }
}

function splitLeaves(text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const leaves: string[] = [];
  for (let first = 0; first < lines.length; first += LINES_PER_LEAF) {
    leaves.push(lines.slice(first, first + LINES_PER_LEAF).join('\n'));
  }
  return leaves;
}

function countLines(text: string): number {
  return text.split('\n').length;
}
