/** Pictures whose mean brightness is above this, and which have hardly any colour, are paper: scans, diagrams. */
const PAPER_BRIGHTNESS = 0.72;
const PAPER_COLOUR = 0.12;
/** Smaller ones are rules, bullets and icons, in CSS pixels. */
const SMALLEST_PX = 24;
const SAMPLE_PX = 24;

/**
 * Keeps photographs as they are on a page that dark colours turn over: gives copies of them
 * to lay over the page. Pictures that look like paper (scans, diagrams on white) are left to
 * be turned over with the page, as a reader in the dark would want them.
 *
 * @param coordinates six numbers a picture: x and y of three of its corners, in shares of the page
 * @param page the painted page
 */
export function keepPictures(coordinates: ArrayLike<number>, page: HTMLCanvasElement): HTMLCanvasElement[] {
  const sample = document.createElement('canvas');
  sample.width = SAMPLE_PX;
  sample.height = SAMPLE_PX;
  const sampler = sample.getContext('2d', { willReadFrequently: true });
  if (!sampler) return [];
  const copies: HTMLCanvasElement[] = [];
  for (let at = 0; at + 5 < coordinates.length; at += 6) {
    const [x1, y1, x2, y2, x3, y3] = Array.from({ length: 6 }, (_, index) => coordinates[at + index]!) as Corners;
    // The fourth corner of the parallelogram follows from the other three.
    const [x4, y4] = [x2 + x3 - x1, y2 + y3 - y1];
    const left = Math.max(0, Math.min(x1, x2, x3, x4)) * page.width;
    const top = Math.max(0, Math.min(y1, y2, y3, y4)) * page.height;
    const width = Math.min(1, Math.max(x1, x2, x3, x4)) * page.width - left;
    const height = Math.min(1, Math.max(y1, y2, y3, y4)) * page.height - top;
    if (width < SMALLEST_PX || height < SMALLEST_PX) continue;
    sampler.drawImage(page, left, top, width, height, 0, 0, SAMPLE_PX, SAMPLE_PX);
    if (looksLikePaper(sampler.getImageData(0, 0, SAMPLE_PX, SAMPLE_PX).data)) continue;
    copies.push(copyOf(page, left, top, width, height));
  }
  return copies;
}

type Corners = [number, number, number, number, number, number];

/** @param pixels red, green, blue and alpha, 0 to 255 each */
export function looksLikePaper(pixels: ArrayLike<number>): boolean {
  let brightness = 0;
  let colour = 0;
  const count = pixels.length / 4;
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    brightness += (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
    colour += (Math.max(red, green, blue) - Math.min(red, green, blue)) / 255;
  }
  return brightness / count > PAPER_BRIGHTNESS && colour / count < PAPER_COLOUR;
}

function copyOf(page: HTMLCanvasElement, left: number, top: number, width: number, height: number): HTMLCanvasElement {
  const copy = document.createElement('canvas');
  copy.className = 'picture';
  copy.width = Math.round(width);
  copy.height = Math.round(height);
  copy.getContext('2d')?.drawImage(page, left, top, width, height, 0, 0, copy.width, copy.height);
  copy.style.left = `${(100 * left) / page.width}%`;
  copy.style.top = `${(100 * top) / page.height}%`;
  copy.style.width = `${(100 * width) / page.width}%`;
  copy.style.height = `${(100 * height) / page.height}%`;
  return copy;
}
