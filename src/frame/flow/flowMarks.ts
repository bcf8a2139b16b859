import type { FrameMark } from '#shared/contract/index.ts';
import type { FlowLeaf } from './flowLeaf.ts';

const KINDS = ['evidence', 'search', 'current'] as const satisfies readonly FrameMark['kind'][];

/**
 * Marks over text that flows, by the CSS Custom Highlight API: the browser paints them with
 * the text, so they stay right whatever the layout does. Their looks are in `reader.css`.
 */
export class FlowMarks {
  #marks: readonly FrameMark[] = [];
  readonly #rangesOfLeaf = new Map<FlowLeaf, readonly (readonly [FrameMark['kind'], Range])[]>();

  constructor() {
    for (const [priority, kind] of KINDS.entries()) {
      const highlight = new Highlight();
      highlight.priority = priority;
      CSS.highlights.set(kind, highlight);
    }
  }

  /** Replaces all marks, on the leaves that are laid out now and on those to come. */
  replace(marks: readonly FrameMark[], leaves: ReadonlyMap<number, FlowLeaf>): void {
    this.#marks = marks;
    for (const leaf of leaves.values()) {
      this.remove(leaf);
      this.add(leaf);
    }
  }

  /** A leaf was laid out. */
  add(leaf: FlowLeaf): void {
    const ranges = this.#marks
      .filter(({ span }) => span.leaf === leaf.index)
      .flatMap(({ kind, span }) => leaf.rangesOf(span.start, span.end).map((range) => [kind, range] as const));
    for (const [kind, range] of ranges) CSS.highlights.get(kind)?.add(range);
    this.#rangesOfLeaf.set(leaf, ranges);
  }

  /** A leaf is about to go. */
  remove(leaf: FlowLeaf): void {
    for (const [kind, range] of this.#rangesOfLeaf.get(leaf) ?? []) CSS.highlights.get(kind)?.delete(range);
    this.#rangesOfLeaf.delete(leaf);
  }

  clear(): void {
    for (const kind of KINDS) CSS.highlights.delete(kind);
  }
}
