import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';
import type { Anchor, BookInfo, LeafIndex, LeafText, PdfPlace, TextSpan } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import {
  lineRects,
  type PageText,
  PDF_TEXT_OPTIONS,
  type PdfTextItem,
  pageText,
  spanInRects,
} from '#shared/text/index.ts';
import { isRoundTrip, settleSpan, trimSpan } from '../anchorSpan.ts';
import { LeastRecentlyUsed } from '../leastRecentlyUsed.ts';
import type { LeafMarkup, OpenBook } from '../openBook.ts';
import { requireLeaf } from '../requireLeaf.ts';

interface ReadPage {
  readonly items: readonly PdfTextItem[];
  readonly text: PageText;
}

/** Pages whose items are kept, for anchors that come in groups. */
const KEPT_PAGES = 16;

/** An open PDF. Made by `openPdf`. */
export class PdfBook implements OpenBook {
  readonly info: BookInfo;
  readonly #pdf: PDFDocumentProxy;
  readonly #task: PDFDocumentLoadingTask;
  readonly #closeFile: () => Promise<void>;
  readonly #pages = new LeastRecentlyUsed<number, ReadPage>(KEPT_PAGES);

  constructor(info: BookInfo, pdf: PDFDocumentProxy, task: PDFDocumentLoadingTask, closeFile: () => Promise<void>) {
    this.info = info;
    this.#pdf = pdf;
    this.#task = task;
    this.#closeFile = closeFile;
  }

  async readLeaf(leaf: LeafIndex): Promise<LeafText> {
    requireLeaf(this.info, leaf);
    try {
      const { text } = (await this.#page(leaf)).text;
      return { index: leaf, text, source: text === '' ? 'none' : 'textLayer' };
    } catch {
      return { index: leaf, text: '', source: 'unreadable' };
    }
  }

  async anchor(span: TextSpan): Promise<Anchor | null> {
    requireLeaf(this.info, span.leaf);
    const page = await this.#page(span.leaf);
    const trimmed = trimSpan(page.text.text, span);
    if (!trimmed) return null;
    const { start, end } = trimmed;
    const place: PdfPlace = {
      format: 'pdf',
      page: span.leaf,
      pageLabel: this.info.leaves[span.leaf]!.label,
      rects: lineRects(page.text, page.items, start, end),
    };
    const anchor: Anchor = { span: trimmed, quote: page.text.text.slice(start, end), place };
    return isRoundTrip(anchor, locate(page, place, anchor.quote)) ? anchor : null;
  }

  async resolve(anchor: Anchor): Promise<TextSpan | null> {
    const { place } = anchor;
    if (place.format !== 'pdf' || place.page >= this.info.leaves.length) return null;
    const leaf = this.info.leaves[place.page]!.index;
    const found = locate(await this.#page(leaf), place, anchor.quote);
    return found && { leaf, ...found };
  }

  markup(): Promise<LeafMarkup> {
    return Promise.reject(
      new InputError('input/invalid', 'Pages of a PDF have no markup.', { advice: 'Draw them from the file.' }),
    );
  }

  resource(): Promise<null> {
    return Promise.resolve(null);
  }

  async close(): Promise<void> {
    // Its worker outlives garbage collection, so it must be ended by hand.
    await this.#task.destroy();
    await this.#closeFile();
  }

  async #page(leaf: LeafIndex): Promise<ReadPage> {
    const kept = this.#pages.get(leaf);
    if (kept) return kept;
    const page = await this.#pdf.getPage(leaf + 1);
    const { items } = await page.getTextContent(PDF_TEXT_OPTIONS);
    page.cleanup();
    // Without marked content every item is a text item.
    const textItems = items as readonly PdfTextItem[];
    const read = { items: textItems, text: pageText(textItems) };
    this.#pages.set(leaf, read);
    return read;
  }
}

function locate(page: ReadPage, place: PdfPlace, quote: string): { start: number; end: number } | null {
  return settleSpan(page.text.text, quote, spanInRects(page.text, page.items, place.rects));
}
