/** A rectangle in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Gaps up to this share of a line's height are spaces between words and are painted over. */
const WORD_GAP_SHARE = 0.7;
/** Boxes that share at least so much of the lower one's height stand on one line. */
const SAME_LINE_SHARE = 0.5;

/**
 * Joins the many boxes of a stretch of text (one for each text node, and more where fonts
 * change) to one box for each run on a line, so that a mark looks like one stroke of a pen
 * and overlapping boxes are not painted twice as dark.
 */
export function lineRects(boxes: readonly Box[]): Box[] {
  const lines: Box[] = [];
  const inOrder = boxes.filter((box) => box.right - box.left > 0.1 && box.bottom - box.top > 0.1);
  for (const box of inOrder) {
    const index = lines.findLastIndex((line) => belongTogether(line, box));
    if (index < 0) lines.push(box);
    else lines[index] = union(lines[index]!, box);
  }
  return lines;
}

function belongTogether(line: Box, box: Box): boolean {
  const height = Math.min(line.bottom - line.top, box.bottom - box.top);
  const shared = Math.min(line.bottom, box.bottom) - Math.max(line.top, box.top);
  if (shared < height * SAME_LINE_SHARE) return false;
  const gap = Math.max(line.left, box.left) - Math.min(line.right, box.right);
  return gap <= Math.max(line.bottom - line.top, box.bottom - box.top) * WORD_GAP_SHARE;
}

function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
