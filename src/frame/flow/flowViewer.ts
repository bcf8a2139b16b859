import type { FrameAppearance, FrameMark } from '#shared/contract/index.ts';
import { leafIndex, type TextPosition } from '#shared/domain/index.ts';
import type { BookViewer, ViewerSetting } from '../bookViewer.ts';
import { selectedSpan } from '../marks/selectedSpan.ts';
import { PositionTeller } from '../positionTeller.ts';
import { VirtualScroller } from '../scrolling/virtualScroller.ts';
import { FlowLeaf } from './flowLeaf.ts';
import { FlowMarks } from './flowMarks.ts';

/** A leaf counts as so tall until it has been laid out. */
const ESTIMATE_PX = 2400;
/** A place jumped to stands so far down the window. */
const CONTEXT_SHARE = 0.25;
const [MIN_ZOOM, MAX_ZOOM, ZOOM_STEP] = [0.5, 3, 1.1];

/** The line that stays where it is when the layout changes, and how far down the window it stands. */
interface HeldLine {
  readonly position: TextPosition;
  readonly windowPx: number;
}

/** Shows a book without pages as one scroll of leaves, which are laid out when they come near. */
export class FlowViewer implements BookViewer {
  readonly #setting: ViewerSetting;
  readonly #scroller: VirtualScroller;
  readonly #leaves = new Map<number, FlowLeaf>();
  readonly #marks = new FlowMarks();
  readonly #teller: PositionTeller;
  readonly #listeners = new AbortController();
  readonly #sizes = new ResizeObserver((entries) => this.#resized(entries));
  #textSizePx: number;
  #zoom = 1;
  #held: HeldLine | null = null;
  #laidOutFor = '';

  constructor(setting: ViewerSetting) {
    this.#setting = setting;
    this.#textSizePx = setting.appearance.textSizePx;
    this.#teller = new PositionTeller(setting.info, setting.send, () => this.#position());
    setting.host.classList.add('flowing');
    this.#scroller = new VirtualScroller(setting.host, {
      mount: (index, element) => this.#mount(index, element),
      unmount: (index) => this.#unmount(index),
      moved: (byReader) => this.#moved(byReader),
    });
  }

  async open(position: TextPosition | null): Promise<{ readonly workerIsReal: boolean }> {
    const { info } = this.#setting;
    this.#applyTextSize();
    this.#scroller.layOut(info.leaves.length, () => ESTIMATE_PX);
    await this.#show(position ?? { leaf: leafIndex(0), offset: 0 }, 0);
    this.#listen();
    return { workerIsReal: true };
  }

  async goTo(position: TextPosition): Promise<void> {
    await this.#show(position, position.offset > 0 ? this.#setting.host.clientHeight * CONTEXT_SHARE : 0);
  }

  mark(marks: readonly FrameMark[]): void {
    this.#marks.replace(marks, this.#leaves);
  }

  changeAppearance({ textSizePx }: FrameAppearance): void {
    this.#textSizePx = textSizePx;
    this.#applyTextSize();
  }

  zoom(to: number | 'width' | 'in' | 'out'): number {
    const wished =
      to === 'width' ? 1 : to === 'in' ? this.#zoom * ZOOM_STEP : to === 'out' ? this.#zoom / ZOOM_STEP : to;
    this.#zoom = Number.isFinite(wished) ? Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, wished)) : 1;
    this.#applyTextSize();
    this.#setting.send({ type: 'scale', scale: this.#zoom });
    return this.#zoom;
  }

  turn(direction: 1 | -1): void {
    this.#scroller.scrollBy(direction * this.#setting.host.clientHeight * 0.9);
  }

  dispose(): void {
    this.#listeners.abort();
    this.#sizes.disconnect();
    this.#teller.dispose();
    this.#scroller.dispose();
    this.#marks.clear();
    this.#setting.host.classList.remove('flowing');
  }

  #mount(index: number, element: HTMLElement): void {
    const leaf = new FlowLeaf(leafIndex(index), element, this.#setting);
    this.#leaves.set(index, leaf);
    leaf.ready.then(
      () => {
        this.#sizes.observe(element);
        element.classList.add('laidOut');
        this.#marks.add(leaf);
        this.#scroller.resize(index, element.offsetHeight);
        this.#keepHeld();
      },
      (error: unknown) => {
        if (this.#leaves.get(index) !== leaf) return;
        element.classList.add('broken');
        element.dataset['notice'] = error instanceof Error ? error.message : String(error);
      },
    );
  }

  #unmount(index: number): void {
    const leaf = this.#leaves.get(index);
    const element = this.#scroller.elementOf(index);
    if (element) this.#sizes.unobserve(element);
    if (leaf) this.#marks.remove(leaf);
    leaf?.dispose();
    this.#leaves.delete(index);
  }

  #listen(): void {
    const { host } = this.#setting;
    const { signal } = this.#listeners;
    document.addEventListener('selectionchange', () => this.#selected(), { signal });
    host.addEventListener('click', (event) => this.#clicked(event), { signal });
    host.addEventListener('keydown', (event) => event.key === 'Enter' && this.#clicked(event), { signal });
    host.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.zoom(this.#zoom * Math.exp(-event.deltaY * 0.002));
      },
      { signal, passive: false },
    );
    this.#sizes.observe(host);
  }

  #resized(entries: readonly ResizeObserverEntry[]): void {
    for (const { target } of entries) {
      const index = Number((target as HTMLElement).dataset['leaf'] ?? NaN);
      if (Number.isInteger(index)) this.#scroller.resize(index, (target as HTMLElement).offsetHeight);
    }
    this.#laidOutFor = this.#layoutKey();
    this.#keepHeld();
  }

  /** What the height of the text depends on. */
  #layoutKey(): string {
    return `${this.#setting.host.clientWidth} ${this.#setting.host.style.getPropertyValue('--text-size')}`;
  }

  /** Puts the line that was being read back to where it stood, after the layout around it changed. */
  #keepHeld(): void {
    const held = this.#held;
    const leaf = held && this.#leaves.get(held.position.leaf);
    if (!held || !leaf?.text) return;
    this.#scroller.scrollTo({
      index: held.position.leaf,
      withinPx: lineTop(leaf, held.position.offset) - held.windowPx,
    });
  }

  #applyTextSize(): void {
    this.#setting.host.style.setProperty('--text-size', `${(this.#textSizePx * this.#zoom).toFixed(2)}px`);
  }

  /** @param windowPx how far down the window the line shall stand */
  async #show(position: TextPosition, windowPx: number): Promise<void> {
    const index = Math.max(0, Math.min(position.leaf, this.#setting.info.leaves.length - 1));
    this.#held = null;
    this.#scroller.scrollTo({ index, withinPx: 0 });
    const leaf = this.#leaves.get(index);
    if (!leaf) return;
    await leaf.ready;
    const isLine = position.offset > 0;
    this.#held = { position: { leaf: leafIndex(index), offset: position.offset }, windowPx: isLine ? windowPx : 0 };
    this.#keepHeld();
    this.#teller.touch();
  }

  #moved(byReader: boolean): void {
    // Between a change of the layout and its measuring the line in view says nothing.
    if (byReader && this.#laidOutFor === this.#layoutKey()) this.#held = this.#lineInView();
    this.#teller.touch();
  }

  #lineInView(): HeldLine | null {
    const { index, withinPx } = this.#scroller.place;
    const leaf = this.#leaves.get(index);
    if (!leaf?.text) return null;
    const offset = withinPx <= 0 ? 0 : leaf.offsetAt(withinPx);
    if (offset < leaf.text.text.length || index + 1 === this.#setting.info.leaves.length) {
      return { position: { leaf: leafIndex(index), offset }, windowPx: lineTop(leaf, offset) - withinPx };
    }
    const windowPx = (this.#scroller.elementOf(index)?.offsetHeight ?? withinPx) - withinPx;
    return { position: { leaf: leafIndex(index + 1), offset: 0 }, windowPx };
  }

  /** The first line in view. */
  #position(): TextPosition {
    return this.#lineInView()?.position ?? { leaf: leafIndex(this.#scroller.place.index), offset: 0 };
  }

  #clicked(event: Event): void {
    const link = event
      .composedPath()
      .find(
        (node): node is HTMLElement =>
          node instanceof HTMLElement && (node.dataset['target'] !== undefined || node.hasAttribute('href')),
      );
    if (!link) return;
    event.preventDefault();
    const target = link.dataset['target'];
    const href = link.getAttribute('href') ?? '';
    if (target !== undefined) void this.#follow(target);
    else if (!href.startsWith('#')) this.#setting.send({ type: 'externalLink', url: href });
  }

  /** @param target a leaf's number and, after `#`, the id of an element in it */
  async #follow(target: string): Promise<void> {
    const [number, id] = target.split('#', 2);
    const index = Number(number);
    if (!Number.isInteger(index) || index < 0 || index >= this.#setting.info.leaves.length) return;
    this.#scroller.scrollTo({ index, withinPx: 0 });
    const leaf = this.#leaves.get(index);
    await leaf?.ready;
    const offset = (id && leaf?.offsetOfId(id)) || 0;
    await this.#show({ leaf: leafIndex(index), offset }, 0);
    this.#setting.send({ type: 'link', target: { leaf: leafIndex(index), offset } });
  }

  #selected(): void {
    const roots = [...this.#leaves.values()].map((leaf) => leaf.root);
    const chosen = document.getSelection()?.getComposedRanges({ shadowRoots: roots })[0] ?? null;
    const selection = selectedSpan(chosen, (element) => {
      const leaf = [...this.#leaves.values()].find(({ root }) => root === element.getRootNode());
      if (!leaf?.text) return null;
      return { leaf: leaf.index, text: leaf.text.text, offsetOf: (node, offset) => leaf.offsetOf(node, offset) };
    });
    this.#setting.send({ type: 'selection', ...selection });
  }
}

/** The beginning of a leaf is its upper edge, above the room over the first line. */
const lineTop = (leaf: FlowLeaf, offset: number): number => (offset === 0 ? 0 : leaf.topOf(offset));
