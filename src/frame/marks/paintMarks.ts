import type { FrameMark } from '#shared/contract/index.ts';
import { type Box, lineRects } from './lineRects.ts';

/** A mark with the boxes of its text, in the client's coordinates. */
export interface PlacedMark {
  readonly kind: FrameMark['kind'];
  readonly boxes: readonly Box[];
}

/**
 * Fills a layer with the strokes of marks. They are placed in shares of the layer's size, so
 * that they stay right while the page is scaled.
 * @param layer covers the leaf exactly; what it held before is gone
 */
export function paintMarks(layer: HTMLElement, marks: readonly PlacedMark[]): void {
  const frame = layer.getBoundingClientRect();
  const strokes = marks.flatMap(({ kind, boxes }) =>
    lineRects(boxes).map((box) => {
      const stroke = document.createElement('div');
      stroke.className = `mark ${kind}`;
      stroke.style.left = percent((box.left - frame.left) / frame.width);
      stroke.style.top = percent((box.top - frame.top) / frame.height);
      stroke.style.width = percent((box.right - box.left) / frame.width);
      stroke.style.height = percent((box.bottom - box.top) / frame.height);
      return stroke;
    }),
  );
  layer.replaceChildren(...strokes);
}

const percent = (share: number): string => `${(share * 100).toFixed(4)}%`;
