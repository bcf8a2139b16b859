import type { PageViewport, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { TextContent } from 'pdfjs-dist/types/src/display/api.js';
import type { FrameMark } from '#shared/contract/index.ts';
import { type PageText, PDF_TEXT_OPTIONS, type PdfTextItem, pageText } from '#shared/text/pageText.ts';
import { paintMarks } from '../marks/paintMarks.ts';
import { keepPictures } from './keepPictures.ts';
import type { PageSize } from './pageSizes.ts';
import { offsetAtHeight, PageTextLayer, topOfOffset } from './pageTextLayer.ts';
import { type PdfLinkListeners, pdfLinks } from './pdfLinks.ts';

/** CSS pixels of a PDF point: pages are shown at 96 to the inch, and measured at 72. */
export const PX_PER_POINT = 96 / 72;

/** Largest canvas of one page. Beyond it a page is painted a little coarser, not refused. */
const MAX_CANVAS_PIXELS = 24_000_000;

/** How a page is to be painted. */
export interface PageLook {
  /** 1 is the page's own size. */
  readonly scale: number;
  readonly dark: boolean;
}

/** A page's text with what tells where it stands. */
interface ReadPage {
  readonly text: PageText;
  readonly items: readonly PdfTextItem[];
  /** At scale 1, in CSS pixels. */
  readonly viewport: PageViewport;
}

/** One page of a PDF in view or near it: canvas, marks, text and links, in this order. */
export class PdfPage {
  readonly index: number;
  readonly #book: PDFDocumentProxy;
  readonly #sheet = document.createElement('div');
  readonly #pictures = document.createElement('div');
  readonly #marksLayer = document.createElement('div');
  readonly #listeners: PdfLinkListeners;
  readonly #painted = Promise.withResolvers<null>();
  #canvas: HTMLCanvasElement | null = null;
  #content: Promise<TextContent> | null = null;
  #read: ReadPage | null = null;
  #textLayer: PageTextLayer | null = null;
  #marks: readonly FrameMark[] = [];
  #gone = false;

  constructor(book: PDFDocumentProxy, index: number, element: HTMLElement, label: string, listeners: PdfLinkListeners) {
    this.#book = book;
    this.index = index;
    this.#listeners = listeners;
    element.classList.add('page');
    element.role = 'region';
    element.ariaLabel = `Page ${label}`;
    this.#sheet.className = 'sheet';
    this.#pictures.className = 'pictures';
    this.#marksLayer.className = 'marks';
    this.#marksLayer.ariaHidden = 'true';
    this.#sheet.append(this.#pictures, this.#marksLayer);
    element.append(this.#sheet);
  }

  /** Resolves when the page has been painted once, or cannot be. */
  get painted(): Promise<null> {
    return this.#painted.promise;
  }

  get textLayer(): PageTextLayer | null {
    return this.#textLayer;
  }

  /** Gives the sheet its size at once; what is on it is stretched until it is painted anew. */
  resize(size: PageSize, scale: number): void {
    this.#sheet.style.width = `${size.width * scale}px`;
    this.#sheet.style.height = `${size.height * scale}px`;
    this.#sheet.style.setProperty('--total-scale-factor', String(scale * PX_PER_POINT));
  }

  /** The page's size at scale 1 in CSS pixels. */
  async size(): Promise<PageSize> {
    const { width, height } = (await this.#proxy()).getViewport({ scale: PX_PER_POINT });
    return { width, height };
  }

  async paint(look: PageLook, signal: AbortSignal): Promise<void> {
    try {
      const page = await this.#proxy();
      signal.throwIfAborted();
      await this.#paintCanvas(page, look, signal);
      this.#painted.resolve(null);
      await this.#layText(page, look.scale);
    } catch (error) {
      if (signal.aborted || this.#gone) return;
      this.#sheet.classList.add('broken');
      this.#sheet.dataset['notice'] = `This page could not be drawn. ${error instanceof Error ? error.message : ''}`;
      this.#painted.resolve(null);
    }
  }

  /** Replaces the marks of this page. */
  mark(marks: readonly FrameMark[]): void {
    this.#marks = marks;
    this.#paintMarks();
  }

  /** Height of a text offset on the page, at scale 1 in CSS pixels. */
  async topOf(offset: number): Promise<number> {
    const { text, items, viewport } = await this.readText();
    return topOfOffset(text, items, viewport, offset);
  }

  /**
   * The text offset at a height of the page (scale 1, CSS pixels): 0 at the top, the length
   * of the text below the last line; null while the text has not been read.
   */
  offsetAt(top: number): number | null {
    if (!this.#read) return null;
    const { text, items, viewport } = this.#read;
    return offsetAtHeight(text, items, viewport, top) ?? text.text.length;
  }

  /** Length of the page's text; null while it has not been read. */
  get textLength(): number | null {
    return this.#read?.text.text.length ?? null;
  }

  async readText(): Promise<ReadPage> {
    const page = await this.#proxy();
    const content = await this.#contentOf(page);
    const items = content.items as unknown as readonly PdfTextItem[];
    this.#read ??= { text: pageText(items), items, viewport: page.getViewport({ scale: PX_PER_POINT }) };
    return this.#read;
  }

  dispose(): void {
    this.#gone = true;
    this.#painted.resolve(null);
    // A canvas keeps its pixels until it is collected, unless it is made empty.
    this.#dropCanvas(this.#canvas);
    this.#canvas = null;
    this.#sheet.remove();
  }

  #proxy(): Promise<PDFPageProxy> {
    return this.#book.getPage(this.index + 1);
  }

  #contentOf(page: PDFPageProxy): Promise<TextContent> {
    this.#content ??= page.getTextContent(PDF_TEXT_OPTIONS);
    return this.#content;
  }

  async #paintCanvas(page: PDFPageProxy, look: PageLook, signal: AbortSignal): Promise<void> {
    const cssScale = look.scale * PX_PER_POINT;
    const atCss = page.getViewport({ scale: cssScale });
    const ratio = Math.min(devicePixelRatio, Math.sqrt(MAX_CANVAS_PIXELS / (atCss.width * atCss.height)));
    const viewport = page.getViewport({ scale: cssScale * ratio });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(viewport.width));
    canvas.height = Math.max(1, Math.round(viewport.height));
    canvas.ariaHidden = 'true';
    // The first painting is watched as it comes; later ones take its place when they are done.
    if (!this.#canvas) this.#sheet.prepend(canvas);
    const task = page.render({ canvas, viewport, recordImages: look.dark });
    const stop = (): void => task.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await task.promise;
    } catch (error) {
      this.#dropCanvas(canvas);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (this.#gone) {
      this.#dropCanvas(canvas);
      return;
    }
    const old = this.#canvas;
    this.#canvas = canvas;
    if (old) old.replaceWith(canvas);
    this.#dropCanvas(old);
    const images = look.dark ? (page.imageCoordinates as ArrayLike<number> | null) : null;
    this.#pictures.replaceChildren(...(images ? keepPictures(images, canvas) : []));
  }

  #dropCanvas(canvas: HTMLCanvasElement | null): void {
    if (!canvas) return;
    canvas.width = 0;
    canvas.height = 0;
    canvas.remove();
  }

  async #layText(page: PDFPageProxy, scale: number): Promise<void> {
    if (this.#textLayer) return;
    const viewport = page.getViewport({ scale: scale * PX_PER_POINT });
    const content = await this.#contentOf(page);
    await this.readText();
    const layer = await PageTextLayer.make(content, viewport);
    if (this.#gone) return;
    this.#textLayer = layer;
    this.#sheet.append(layer.element);
    this.#paintMarks();
    const links = pdfLinks(await page.getAnnotations(), viewport, this.#listeners);
    this.#sheet.append(...links);
  }

  #paintMarks(): void {
    const layer = this.#textLayer;
    if (!layer) return;
    const placed = this.#marks.map(({ kind, span }) => ({ kind, boxes: layer.boxesOf(span.start, span.end) }));
    paintMarks(this.#marksLayer, placed);
  }
}
