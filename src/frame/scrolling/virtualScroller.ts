import { OffsetTree } from './offsetTree.ts';
import { ScrollScale } from './scrollScale.ts';

/** What a scroller asks of the viewer above it. */
export interface ScrolledItems {
  /** An item came near the window: fill its element. */
  mount(index: number, element: HTMLElement): void;
  /** An item is far away: let go of whatever it holds. Its element is removed. */
  unmount(index: number): void;
  /**
   * The place in view changed. Called at most once a frame.
   * @param byReader whether the reader scrolled, or the list was told to go somewhere
   */
  moved(byReader: boolean): void;
}

/** A place in the list: an item, and pixels from its top. */
export interface ScrollPlace {
  readonly index: number;
  readonly withinPx: number;
}

/** How far beyond the window items are kept, as a share of the window's height. */
const OVERSCAN_SHARE = 1.5;

/**
 * A vertical list of which only the part in view exists. Sizes may be estimates: when one
 * is put right, what the reader looks at stays where it is. Lists taller than a browser
 * can scroll are pressed together on the scroll bar (`ScrollScale`) while the wheel still
 * moves them pixel by pixel.
 */
export class VirtualScroller {
  readonly #host: HTMLElement;
  readonly #items: ScrolledItems;
  readonly #space = document.createElement('div');
  readonly #mounted = new Map<number, HTMLElement>();
  #tree: OffsetTree;
  #scale = new ScrollScale(0);
  /** Pixels of the book above the window's top. */
  #topPx = 0;
  /** Where the bar stood when `#topPx` was last right. */
  #barPx = 0;
  #frame = 0;
  #movedByReader = false;
  #listeners = new AbortController();

  /** @param host an element that scrolls (`overflow-y: auto`) and holds nothing else */
  constructor(host: HTMLElement, items: ScrolledItems) {
    this.#host = host;
    this.#items = items;
    this.#tree = new OffsetTree(0, () => 0);
    this.#space.className = 'space';
    host.replaceChildren(this.#space);
    const { signal } = this.#listeners;
    host.addEventListener('scroll', () => this.#scrolled(), { signal, passive: true });
    host.addEventListener('scrollend', () => this.#settle(), { signal, passive: true });
  }

  get windowPx(): number {
    return this.#host.clientHeight;
  }

  /** What is at the top of the window. */
  get place(): ScrollPlace {
    return this.placeAt(0);
  }

  /** What is at a height of the window. */
  placeAt(windowPx: number): ScrollPlace {
    const topPx = this.#topPx + windowPx;
    const index = this.#tree.indexAt(topPx);
    return { index, withinPx: topPx - this.#tree.offsetOf(index) };
  }

  /** Width below which the list scrolls sideways. */
  set minWidthPx(px: number) {
    this.#space.style.minWidth = `${px}px`;
  }

  /** First and last item that the window shows. */
  get visible(): { readonly first: number; readonly last: number } {
    return { first: this.#tree.indexAt(this.#topPx), last: this.#tree.indexAt(this.#topPx + this.windowPx - 1) };
  }

  elementOf(index: number): HTMLElement | undefined {
    return this.#mounted.get(index);
  }

  /** Gives every item a new size and keeps the given place, or the one in view, at the top. */
  layOut(count: number, sizeOf: (index: number) => number, place: ScrollPlace = this.place): void {
    this.#tree = new OffsetTree(count, sizeOf);
    this.#resized(place);
  }

  /** Puts one item's size right. What is in view does not move. */
  resize(index: number, sizePx: number): void {
    if (Math.abs(this.#tree.sizeOf(index) - sizePx) < 0.5) return;
    const place = this.place;
    this.#tree.resize(index, sizePx);
    this.#resized(place);
  }

  scrollTo(place: ScrollPlace): void {
    this.#moveTo(this.#tree.offsetOf(place.index) + place.withinPx);
  }

  /** Scrolls as a reader does. */
  scrollBy(px: number): void {
    this.#movedByReader = true;
    this.#moveTo(this.#topPx + px);
  }

  dispose(): void {
    this.#listeners.abort();
    cancelAnimationFrame(this.#frame);
    for (const index of [...this.#mounted.keys()]) this.#drop(index);
    this.#host.replaceChildren();
  }

  #resized(place: ScrollPlace): void {
    this.#scale = new ScrollScale(this.#tree.total);
    this.#space.style.height = `${this.#scale.barPx}px`;
    this.scrollTo(place);
  }

  #moveTo(topPx: number): void {
    this.#topPx = Math.max(0, Math.min(topPx, this.#tree.total - this.windowPx));
    this.#settle();
    this.#arrange();
    this.#announce();
  }

  /** Puts the bar where it belongs; the items move along, so nothing is seen of it. */
  #settle(): void {
    const wanted = Math.round(this.#scale.toBar(this.#topPx));
    if (Math.abs(this.#host.scrollTop - wanted) >= 1) this.#host.scrollTop = wanted;
    this.#barPx = this.#host.scrollTop;
    this.#arrange();
  }

  #scrolled(): void {
    const barPx = this.#host.scrollTop;
    const movedPx = barPx - this.#barPx;
    if (movedPx === 0) return;
    this.#movedByReader = true;
    this.#barPx = barPx;
    // A wheel or a key moves by pixels; a jump on the bar means a share of the book.
    const isJump = this.#scale.isScaled && Math.abs(movedPx) > this.windowPx * 2;
    const topPx = !this.#scale.isScaled || isJump ? this.#scale.toBook(barPx) : this.#topPx + movedPx;
    this.#topPx = Math.max(0, Math.min(topPx, this.#tree.total - this.windowPx));
    this.#arrange();
    this.#announce();
  }

  /** Mounts what came near, drops what is far, and puts every element in its place. */
  #arrange(): void {
    if (this.#tree.count === 0) return;
    const overscanPx = this.windowPx * OVERSCAN_SHARE;
    const first = this.#tree.indexAt(this.#topPx - overscanPx);
    const last = this.#tree.indexAt(this.#topPx + this.windowPx + overscanPx);
    for (const index of [...this.#mounted.keys()]) if (index < first || index > last) this.#drop(index);
    const shiftPx = this.#barPx - this.#topPx;
    for (let index = first; index <= last; index += 1) {
      const element = this.#mounted.get(index) ?? this.#add(index);
      element.style.top = `${this.#tree.offsetOf(index) + shiftPx}px`;
    }
  }

  #add(index: number): HTMLElement {
    const element = document.createElement('section');
    element.className = 'leaf';
    element.dataset['leaf'] = String(index);
    this.#mounted.set(index, element);
    // In reading order, so that selection and screen readers go through the book as it is.
    const next = [...this.#mounted.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.#space.insertBefore(element, next === undefined ? null : this.#mounted.get(next)!);
    this.#items.mount(index, element);
    return element;
  }

  #drop(index: number): void {
    this.#items.unmount(index);
    this.#mounted.get(index)?.remove();
    this.#mounted.delete(index);
  }

  #announce(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const byReader = this.#movedByReader;
      this.#movedByReader = false;
      this.#items.moved(byReader);
    });
  }
}
