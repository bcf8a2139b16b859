import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { FrameAppearance, FrameMark } from '#shared/contract/index.ts';
import { leafIndex, type TextPosition } from '#shared/domain/index.ts';
import type { BookViewer, ViewerSetting } from '../bookViewer.ts';
import { selectedSpan } from '../marks/selectedSpan.ts';
import { PositionTeller } from '../positionTeller.ts';
import { type ScrollPlace, VirtualScroller } from '../scrolling/virtualScroller.ts';
import { type OpenPdf, openPdf } from './openPdf.ts';
import { type ScaleWish, SIDE_PX, scaleFor, wishFor } from './pageScale.ts';
import { PageSizes } from './pageSizes.ts';
import { type PdfLinkListeners, resolveDestination } from './pdfLinks.ts';
import { PdfPage, PX_PER_POINT } from './pdfPage.ts';
import { RenderQueue } from './renderQueue.ts';

/** Room between two pages, in CSS pixels. */
const GAP_PX = 16;
/** A place jumped to stands so far down the window, so that what leads up to it is seen too. */
const CONTEXT_SHARE = 0.25;
/** A place left and found again stands so close to the top. */
const REST_PX = 6;
/** While the scale changes pages are stretched; when it has rested they are painted anew. */
const REPAINT_DELAY_MS = 120;

/** Shows a PDF as one strip of pages, of which only those near the window exist. */
export class PdfViewer implements BookViewer {
  readonly #setting: ViewerSetting;
  readonly #scroller: VirtualScroller;
  readonly #pages = new Map<number, PdfPage>();
  readonly #queue = new RenderQueue((page) => this.#distanceOf(page));
  readonly #listeners = new AbortController();
  readonly #links: PdfLinkListeners;
  readonly #teller: PositionTeller;
  #pdf: OpenPdf | null = null;
  #sizes = new PageSizes(0, { width: 816, height: 1056 });
  #wish: ScaleWish = 'comfortable';
  #scale = 1;
  #dark: boolean;
  #marks = new Map<number, FrameMark[]>();
  #repaintTimer: ReturnType<typeof setTimeout> | undefined;
  #resizeWatch: ResizeObserver | null = null;

  constructor(setting: ViewerSetting) {
    this.#setting = setting;
    this.#teller = new PositionTeller(setting.info, setting.send, () => this.#position());
    this.#dark = setting.appearance.theme === 'dark';
    this.#links = {
      onExternal: (url) => setting.send({ type: 'externalLink', url }),
      onInternal: (destination) => void this.#follow(destination),
    };
    setting.host.classList.add('pages');
    this.#scroller = new VirtualScroller(setting.host, {
      mount: (index, element) => this.#mount(index, element),
      unmount: (index) => this.#unmount(index),
      moved: () => this.#moved(),
    });
  }

  async open(position: TextPosition | null): Promise<{ readonly workerIsReal: boolean }> {
    this.#pdf = await openPdf(this.#setting);
    const { book } = this.#pdf;
    const first = Math.min(position?.leaf ?? 0, book.numPages - 1);
    const { width, height } = (await book.getPage(first + 1)).getViewport({ scale: PX_PER_POINT });
    this.#sizes = new PageSizes(book.numPages, { width, height });
    this.#scale = scaleFor(this.#wish, width, this.#setting.host.clientWidth);
    this.#layOut({ index: first, withinPx: 0 });
    if (position && position.offset > 0) await this.#scrollToText(position, REST_PX);
    await this.#pages.get(first)?.painted;
    this.#listen();
    this.#setting.send({ type: 'scale', scale: this.#scale });
    return { workerIsReal: true };
  }

  async goTo(position: TextPosition): Promise<void> {
    const index = Math.max(0, Math.min(position.leaf, this.#sizes.count - 1));
    this.#scroller.scrollTo({ index, withinPx: 0 });
    if (position.offset > 0) {
      await this.#scrollToText(
        { leaf: leafIndex(index), offset: position.offset },
        this.#setting.host.clientHeight * CONTEXT_SHARE,
      );
    }
    await this.#pages.get(index)?.painted;
  }

  mark(marks: readonly FrameMark[]): void {
    this.#marks = Map.groupBy(marks, ({ span }) => span.leaf as number);
    for (const [index, page] of this.#pages) page.mark(this.#marks.get(index) ?? []);
  }

  changeAppearance({ theme }: FrameAppearance): void {
    const dark = theme === 'dark';
    if (dark === this.#dark) return;
    this.#dark = dark;
    this.#repaint();
  }

  zoom(to: number | 'width' | 'in' | 'out'): number {
    this.#wish = wishFor(to, this.#scale);
    this.#rescale(0);
    return this.#scale;
  }

  turn(leaves: 1 | -1): void {
    const { index, withinPx } = this.#scroller.place;
    const back = leaves < 0 && withinPx > GAP_PX ? 0 : leaves;
    this.#scroller.scrollTo({ index: Math.max(0, Math.min(index + back, this.#sizes.count - 1)), withinPx: 0 });
  }

  dispose(): void {
    this.#listeners.abort();
    this.#resizeWatch?.disconnect();
    clearTimeout(this.#repaintTimer);
    this.#teller.dispose();
    this.#queue.clear();
    this.#scroller.dispose();
    this.#setting.host.classList.remove('pages');
    this.#pdf?.close();
  }

  get #book(): PDFDocumentProxy {
    if (!this.#pdf) throw new Error('No book is open.');
    return this.#pdf.book;
  }

  #listen(): void {
    const { host } = this.#setting;
    const { signal } = this.#listeners;
    this.#resizeWatch = new ResizeObserver(() => this.#rescale(0));
    this.#resizeWatch.observe(host);
    document.addEventListener('selectionchange', () => this.#selected(), { signal });
    host.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.#wish = wishFor(this.#scale * Math.exp(-event.deltaY * 0.002), this.#scale);
        this.#rescale(event.clientY - host.getBoundingClientRect().top);
      },
      { signal, passive: false },
    );
  }

  #mount(index: number, element: HTMLElement): void {
    const label = this.#setting.info.leaves[index]?.label ?? String(index + 1);
    const page = new PdfPage(this.#book, index, element, label, this.#links);
    page.resize(this.#sizes.of(index), this.#scale);
    page.mark(this.#marks.get(index) ?? []);
    this.#pages.set(index, page);
    this.#ask(page);
  }

  #unmount(index: number): void {
    this.#queue.cancel(index);
    this.#pages.get(index)?.dispose();
    this.#pages.delete(index);
  }

  #ask(page: PdfPage): void {
    this.#queue.add(page.index, {
      run: async (signal) => {
        await this.#learnSize(page);
        if (!signal.aborted) await page.paint({ scale: this.#scale, dark: this.#dark }, signal);
        this.#teller.touch();
      },
    });
  }

  async #learnSize(page: PdfPage): Promise<void> {
    const size = await page.size().catch(() => null);
    if (!size || !this.#sizes.learn(page.index, size)) return;
    page.resize(size, this.#scale);
    this.#scroller.resize(page.index, this.#sizeOf(page.index));
    this.#widen();
  }

  #sizeOf(index: number): number {
    return this.#sizes.of(index).height * this.#scale + GAP_PX;
  }

  #layOut(place: ScrollPlace): void {
    this.#widen();
    this.#scroller.layOut(this.#sizes.count, (index) => this.#sizeOf(index), place);
  }

  #widen(): void {
    this.#scroller.minWidthPx = this.#sizes.widest * this.#scale + 2 * SIDE_PX;
  }

  /** @param heldPx height in the window that keeps its place in the book */
  #rescale(heldPx: number): void {
    const { host } = this.#setting;
    const scale = scaleFor(this.#wish, this.#sizes.of(this.#scroller.place.index).width, host.clientWidth);
    if (Math.abs(scale - this.#scale) < 0.001) return;
    const held = this.#scroller.placeAt(heldPx);
    const share = held.withinPx / this.#sizeOf(held.index);
    const centre = (host.scrollLeft + host.clientWidth / 2) / host.scrollWidth;
    this.#scale = scale;
    for (const [index, page] of this.#pages) page.resize(this.#sizes.of(index), scale);
    this.#layOut({ index: held.index, withinPx: share * this.#sizeOf(held.index) - heldPx });
    host.scrollLeft = centre * host.scrollWidth - host.clientWidth / 2;
    clearTimeout(this.#repaintTimer);
    this.#repaintTimer = setTimeout(() => this.#repaint(), REPAINT_DELAY_MS);
    this.#setting.send({ type: 'scale', scale });
  }

  #repaint(): void {
    for (const page of this.#pages.values()) this.#ask(page);
  }

  /** @param abovePx how much of what stands above stays in view */
  async #scrollToText(position: TextPosition, abovePx: number): Promise<void> {
    const page = this.#pages.get(position.leaf);
    if (!page) return;
    await this.#learnSize(page);
    const top = await page.topOf(position.offset);
    this.#scroller.scrollTo({ index: position.leaf, withinPx: GAP_PX / 2 + top * this.#scale - abovePx });
  }

  #moved(): void {
    this.#queue.reconsider();
    this.#teller.touch();
  }

  /** The first line in view. */
  #position(): TextPosition {
    const { index, withinPx } = this.#scroller.place;
    const page = this.#pages.get(index);
    const top = (withinPx - GAP_PX / 2) / this.#scale;
    if (top <= 0) return { leaf: leafIndex(index), offset: 0 };
    const offset = page?.offsetAt(top) ?? 0;
    const isPast =
      page !== undefined && withinPx > this.#sizeOf(index) * 0.5 && offset >= (page.textLength ?? Infinity);
    if (isPast && index + 1 < this.#sizes.count) return { leaf: leafIndex(index + 1), offset: 0 };
    return { leaf: leafIndex(index), offset };
  }

  #distanceOf(page: number): number {
    const { first, last } = this.#scroller.visible;
    return page < first ? first - page : page > last ? page - last : 0;
  }

  async #follow(destination: unknown): Promise<void> {
    const target = await resolveDestination(this.#book, destination);
    if (!target) return;
    this.#scroller.scrollTo({ index: target.page, withinPx: 0 });
    const page = this.#pages.get(target.page);
    let offset = 0;
    if (page && target.top !== null) {
      await this.#learnSize(page);
      const { viewport } = await page.readText();
      const [, height = 0] = viewport.convertToViewportPoint(0, target.top) as number[];
      // Destinations name the line they lead to by the top of its letters or a little above.
      offset = page.offsetAt(height - 4) ?? 0;
      this.#scroller.scrollTo({ index: target.page, withinPx: height * this.#scale });
    }
    this.#setting.send({ type: 'link', target: { leaf: leafIndex(target.page), offset } });
  }

  #selected(): void {
    const chosen = document.getSelection();
    const selection = selectedSpan(chosen?.rangeCount ? chosen.getRangeAt(0) : null, (element) => {
      const index = Number(element.closest<HTMLElement>('.leaf')?.dataset['leaf'] ?? NaN);
      const layer = this.#pages.get(index)?.textLayer;
      return layer
        ? { leaf: leafIndex(index), text: layer.text.text, offsetOf: (node, offset) => layer.offsetOf(node, offset) }
        : null;
    });
    this.#setting.send({ type: 'selection', ...selection });
  }
}
