/** Smallest and largest scale; 1 is the page's own size. */
const MIN_SCALE = 0.1;
const MAX_SCALE = 6;
/** Steps of Ctrl and plus. */
const STEP = 1.2;
/** A page opens as wide as the frame, but not larger than reads well. */
const COMFORTABLE_SCALE = 1.35;
/** Room left of and right of the page. */
export const SIDE_PX = 16;

/** What the reader asked for: a scale, or to follow the frame's width. */
export type ScaleWish = 'comfortable' | 'width' | number;

/** The scale that a wish means for a page and a frame. */
export function scaleFor(wish: ScaleWish, pageWidth: number, frameWidth: number): number {
  if (typeof wish === 'number') return clamp(wish);
  const fit = (frameWidth - 2 * SIDE_PX) / pageWidth;
  return clamp(wish === 'width' ? fit : Math.min(fit, COMFORTABLE_SCALE));
}

/** The wish that a request makes of the scale in force. */
export function wishFor(request: number | 'width' | 'in' | 'out', scale: number): ScaleWish {
  switch (request) {
    case 'width':
      return 'width';
    case 'in':
      return clamp(scale * STEP);
    case 'out':
      return clamp(scale / STEP);
    default:
      return clamp(request);
  }
}

const clamp = (scale: number): number => (Number.isFinite(scale) ? Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale)) : 1);
