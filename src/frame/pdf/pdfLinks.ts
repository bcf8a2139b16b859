import type { PageViewport, PDFDocumentProxy } from 'pdfjs-dist';

/** Where a link of a PDF leads: a page and, where the file says it, a height in PDF user space. */
export interface PdfTarget {
  readonly page: number;
  readonly top: number | null;
}

export interface PdfLinkListeners {
  onInternal(destination: unknown): void;
  onExternal(url: string): void;
}

/** The part of pdf.js's annotation data that links have. */
interface LinkAnnotation {
  readonly subtype: string;
  readonly rect: readonly number[];
  readonly dest?: unknown;
  /** Only set by pdf.js when the address is absolute and of a harmless scheme. */
  readonly url?: string;
}

/**
 * Elements for the links of a page, placed in shares of its size. Only links are made:
 * forms, scripts, launch actions and attachments of a file are left alone.
 */
export function pdfLinks(
  annotations: readonly unknown[],
  viewport: PageViewport,
  listeners: PdfLinkListeners,
): HTMLElement[] {
  return (annotations as readonly LinkAnnotation[]).flatMap((annotation) => {
    const { subtype, dest, url, rect } = annotation;
    if (subtype !== 'Link' || rect.length < 4 || (dest === undefined && !url) || (dest === null && !url)) return [];
    const link = document.createElement('a');
    link.className = 'link';
    link.role = 'link';
    link.tabIndex = 0;
    link.ariaLabel = url ? `Link to ${url}` : 'Link to another place in this book';
    if (url) link.title = url;
    const follow = (event: Event): void => {
      event.preventDefault();
      if (url) listeners.onExternal(url);
      else listeners.onInternal(dest);
    };
    link.addEventListener('click', follow);
    link.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') follow(event);
    });
    place(link, rect, viewport);
    return [link];
  });
}

function place(link: HTMLElement, rect: readonly number[], viewport: PageViewport): void {
  const [x1 = 0, y1 = 0] = viewport.convertToViewportPoint(rect[0] ?? 0, rect[1] ?? 0) as number[];
  const [x2 = 0, y2 = 0] = viewport.convertToViewportPoint(rect[2] ?? 0, rect[3] ?? 0) as number[];
  link.style.left = `${(100 * Math.min(x1, x2)) / viewport.width}%`;
  link.style.top = `${(100 * Math.min(y1, y2)) / viewport.height}%`;
  link.style.width = `${(100 * Math.abs(x2 - x1)) / viewport.width}%`;
  link.style.height = `${(100 * Math.abs(y2 - y1)) / viewport.height}%`;
}

/**
 * Finds what a destination stands for: a name, or an array whose first part names the page
 * and whose second part says how to show it (ISO 32000-1, section 12.3.2). Null when it is broken.
 */
export async function resolveDestination(book: PDFDocumentProxy, destination: unknown): Promise<PdfTarget | null> {
  const explicit: unknown = typeof destination === 'string' ? await book.getDestination(destination) : destination;
  if (!Array.isArray(explicit)) return null;
  const [reference, kind, ...values] = explicit as [unknown, { readonly name?: string } | undefined, ...unknown[]];
  const page = await pageOf(book, reference);
  if (page === null || page < 0 || page >= book.numPages) return null;
  const top = heightOf(kind?.name, values);
  return { page, top };
}

async function pageOf(book: PDFDocumentProxy, reference: unknown): Promise<number | null> {
  if (typeof reference === 'number') return Number.isInteger(reference) ? reference : null;
  if (typeof reference !== 'object' || reference === null || !('num' in reference)) return null;
  try {
    return await book.getPageIndex(reference as Parameters<PDFDocumentProxy['getPageIndex']>[0]);
  } catch {
    return null; // The reference leads to something that is no page.
  }
}

function heightOf(kind: string | undefined, values: readonly unknown[]): number | null {
  const value =
    kind === 'XYZ' ? values[1] : kind === 'FitH' || kind === 'FitBH' ? values[0] : kind === 'FitR' ? values[3] : null;
  return typeof value === 'number' ? value : null;
}
