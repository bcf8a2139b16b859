import { bulkUrls } from '#shared/contract/index.ts';
import type { LeafIndex } from '#shared/domain/index.ts';
import { type DomText, domText, offsetOfBoundary, offsetOfNode } from '#shared/text/index.ts';
import type { ViewerSetting } from '../bookViewer.ts';
import { bookSheet } from './bookSheet.ts';
import readerStyles from './reader.css?inline';
import { safeFragment } from './safeFragment.ts';

/** Typography of every book, parsed once. */
const readerSheet = new CSSStyleSheet();
readerSheet.replaceSync(readerStyles);

/** One spine document or run of a text file, laid out in a shadow root of its own, so that books' styles stay inside. */
export class FlowLeaf {
  readonly index: LeafIndex;
  /** Resolves when the text is laid out; pictures may still come. Rejects when it could not be had. */
  readonly ready: Promise<void>;
  readonly #setting: ViewerSetting;
  readonly #host = document.createElement('div');
  readonly #root: ShadowRoot;
  readonly #measure = document.createElement('div');
  readonly #content = document.createElement('div');
  readonly #stop = new AbortController();
  #text: DomText<Node> | null = null;

  constructor(index: LeafIndex, element: HTMLElement, setting: ViewerSetting) {
    this.index = index;
    this.#setting = setting;
    element.classList.add('flow');
    element.role = 'region';
    element.ariaLabel = setting.info.leaves[index]?.label ?? `Part ${index + 1}`;
    this.#root = this.#host.attachShadow({ mode: 'open' });
    this.#content.className = `book ${setting.info.format}`;
    this.#content.dir = setting.info.direction;
    if (setting.info.language) this.#content.lang = setting.info.language;
    this.#measure.className = 'measure';
    this.#measure.append(this.#content);
    this.#root.append(this.#measure);
    element.append(this.#host);
    this.ready = this.#load();
  }

  get root(): ShadowRoot {
    return this.#root;
  }

  /** Null until the leaf is ready. */
  get text(): DomText<Node> | null {
    return this.#text;
  }

  /** Ranges of a stretch of the plain text. */
  rangesOf(start: number, end: number): Range[] {
    return (this.#text?.map.rangesOf(start, end) ?? []).map((part) => {
      const range = document.createRange();
      range.setStart(part.source, part.start);
      range.setEnd(part.source, part.end);
      return range;
    });
  }

  /** Pixels from the top of the leaf to the line of a text offset. */
  topOf(offset: number): number {
    const box = this.#boxOf(offset);
    return box ? box.top - this.#host.getBoundingClientRect().top : 0;
  }

  /** The first character whose line ends below a height of the leaf. */
  offsetAt(topPx: number): number {
    const length = this.#text?.text.length ?? 0;
    const limit = this.#host.getBoundingClientRect().top + topPx + 1;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const box = this.#boxOf(middle);
      if (!box || box.bottom > limit) high = middle;
      else low = middle + 1;
    }
    // Breaks between blocks stand on no line: the place is the text behind them.
    while (low < length && this.#text?.text[low] === '\n') low += 1;
    return low;
  }

  /** The plain text offset of a place in the DOM. */
  offsetOf(node: Node, nodeOffset: number): number | null {
    if (!this.#text || !this.#content.contains(node)) return null;
    return offsetOfBoundary(this.#text, node, nodeOffset);
  }

  /** Where the text of the element with this id begins; null when there is none. */
  offsetOfId(id: string): number | null {
    const element = this.#root.getElementById(id);
    return element && this.#text ? offsetOfNode(this.#text, element) : null;
  }

  dispose(): void {
    this.#stop.abort();
    this.#host.remove();
  }

  async #load(): Promise<void> {
    const { origin, info } = this.#setting;
    const response = await fetch(bulkUrls.markup(origin, info.id, this.index), { signal: this.#stop.signal });
    if (!response.ok) throw new Error(`This part of the book could not be read (${response.status}).`);
    const { html, css } = (await response.json()) as { readonly html: string; readonly css: string };
    const resource = (href: string): string => bulkUrls.resource(origin, info.id, href);
    this.#root.adoptedStyleSheets = [readerSheet, ...(css === '' ? [] : [bookSheet(css, resource)])];
    this.#content.append(safeFragment(html));
    for (const image of this.#content.querySelectorAll<HTMLElement>('[data-resource]')) {
      const address = resource(image.dataset['resource'] ?? '');
      if (image instanceof HTMLImageElement) image.src = address;
      else image.setAttribute('href', address);
    }
    for (const link of this.#content.querySelectorAll<HTMLElement>('[data-target]')) {
      link.tabIndex = 0;
      link.role = 'link';
    }
    if (getComputedStyle(this.#content).writingMode.startsWith('vertical')) this.#standUpright();
    this.#text = domText<Node>(this.#content);
  }

  /** Columns of vertical writing follow each other out of the bottom of their box, so its height has to be told. */
  #standUpright(): void {
    this.#measure.classList.add('upright');
    const fit = (): void => {
      const { paddingTop, paddingBottom } = getComputedStyle(this.#measure);
      const height = this.#content.scrollHeight + parseFloat(paddingTop) + parseFloat(paddingBottom);
      this.#measure.style.height = `${height}px`;
    };
    const watch = new ResizeObserver(fit);
    watch.observe(this.#content);
    this.#stop.signal.addEventListener('abort', () => watch.disconnect());
    this.#content.addEventListener('load', fit, { capture: true, signal: this.#stop.signal });
  }

  #boxOf(offset: number): DOMRect | null {
    const [part] = this.#text?.map.rangesOf(offset, offset + 64) ?? [];
    if (!part) return null;
    const range = document.createRange();
    range.setStart(part.source, part.start);
    range.setEnd(part.source, part.start + 1);
    return range.getClientRects()[0] ?? range.getBoundingClientRect();
  }
}
