import { type PageViewport, TextLayer } from 'pdfjs-dist';
import type { TextContent } from 'pdfjs-dist/types/src/display/api.js';
import { type PageText, type PdfTextItem, pageText, sizeOf } from '#shared/text/pageText.ts';
import type { Box } from '../marks/lineRects.ts';

/**
 * The invisible text over a painted page, with the way between it and the page's plain text:
 * the very same assembly that gave the model its text, so offsets mean the same on both sides.
 */
export class PageTextLayer {
  readonly text: PageText;
  readonly element = document.createElement('div');
  readonly #items: readonly PdfTextItem[];
  readonly #layer: TextLayer;
  readonly #itemOf = new Map<Node, number>();

  private constructor(content: TextContent, viewport: PageViewport) {
    this.#items = content.items as unknown as readonly PdfTextItem[];
    this.text = pageText(this.#items);
    this.element.className = 'textLayer';
    if (content.lang) this.element.lang = content.lang;
    this.#layer = new TextLayer({ textContentSource: content, container: this.element, viewport });
  }

  /** Lays the text of a page out. The element still has to be put over the page. */
  static async make(content: TextContent, viewport: PageViewport): Promise<PageTextLayer> {
    const layer = new PageTextLayer(content, viewport);
    await layer.#layer.render();
    for (const [item, div] of layer.#layer.textDivs.entries()) layer.#itemOf.set(div, item);
    const end = document.createElement('div');
    end.className = 'endOfContent';
    layer.element.append(end);
    return layer;
  }

  /** Boxes of a stretch of the plain text, in the client's coordinates. */
  boxesOf(start: number, end: number): Box[] {
    const divs = this.#layer.textDivs;
    return this.text.map.rangesOf(start, end).flatMap(({ source, start: from, end: to }) => {
      const node = divs[source]?.firstChild;
      if (!node?.isConnected) return [];
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      return [...range.getClientRects()];
    });
  }

  /** The plain text offset of a place in the DOM; null where that place is none of this page's text. */
  offsetOf(node: Node, nodeOffset: number): number | null {
    if (!this.element.contains(node)) return null;
    if (node === this.element) return this.#offsetOfChild(nodeOffset);
    const div = node.nodeType === Node.TEXT_NODE ? node.parentNode : node;
    const item = div ? this.#itemOf.get(div) : undefined;
    if (item === undefined) return this.#offsetOfChild([...this.element.childNodes].indexOf(node as ChildNode));
    return this.text.map.offsetOf(item, node.nodeType === Node.TEXT_NODE ? nodeOffset : 0) ?? this.#startOf(item);
  }

  #offsetOfChild(childIndex: number): number {
    const children = [...this.element.childNodes];
    for (const child of children.slice(Math.max(0, childIndex))) {
      const item = this.#itemOf.get(child);
      if (item !== undefined) return this.#startOf(item);
    }
    return this.text.text.length;
  }

  #startOf(item: number): number {
    return this.text.items[item]?.start ?? 0;
  }
}

/**
 * Where text begins on a page and which text is at a height, from the text's own geometry:
 * no layer has to be laid out for that. Heights are CSS pixels at the viewport's scale.
 */
export function topOfOffset(text: PageText, items: readonly PdfTextItem[], viewport: PageViewport, at: number): number {
  const item = text.items.findIndex(({ end }) => end > at);
  return item < 0 ? 0 : Math.max(0, topOfItem(items[item]!, viewport));
}

/** The first text, in reading order, that begins at or below a height; null when there is none. */
export function offsetAtHeight(
  text: PageText,
  items: readonly PdfTextItem[],
  viewport: PageViewport,
  top: number,
): number | null {
  const item = text.items.findIndex(
    ({ start, end }, index) => end > start && topOfItem(items[index]!, viewport) >= top,
  );
  return item < 0 ? null : text.items[item]!.start;
}

function topOfItem(item: PdfTextItem, viewport: PageViewport): number {
  const [, baseline] = viewport.convertToViewportPoint(item.transform[4] ?? 0, item.transform[5] ?? 0) as number[];
  return (baseline ?? 0) - sizeOf(item) * viewport.scale;
}
