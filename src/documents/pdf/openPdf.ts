import { type FileHandle, open } from 'node:fs/promises';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import type { BookInfo, Leaf } from '#shared/domain/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import type { BookFile } from '../bookFile.ts';
import { buildSections } from '../buildSections.ts';
import { fileRanges, RANGE_BYTES } from './fileRanges.ts';
import { PdfBook } from './pdfBook.ts';
import { pdfError } from './pdfErrors.ts';
import { loadPdfjs, pdfjsAssets } from './pdfjs.ts';
import { pdfOutline } from './pdfOutline.ts';

/** No book has more; a file that claims so would fill the memory with page labels. */
const MAX_PAGES = 200_000;
/** Where a PDF has no outline, sections are runs of this many pages. */
const PAGES_PER_SECTION = 10;

/**
 * Opens a PDF. Reads its outline and page labels, no page's text, and only the parts of the
 * file these lie in. Scripts and XFA forms in it are never run.
 * @throws {DocumentError} `document/encrypted`, `document/damaged`, `document/tooLarge`
 */
export async function openPdf(file: BookFile, password?: string): Promise<PdfBook> {
  const pdfjs = await loadPdfjs();
  const handle = await open(file.path);
  try {
    return await openWith(pdfjs, handle, file, password);
  } catch (thrown) {
    await handle.close();
    throw pdfError(thrown, password !== undefined);
  }
}

async function openWith(
  pdfjs: Awaited<ReturnType<typeof loadPdfjs>>,
  handle: FileHandle,
  file: BookFile,
  password: string | undefined,
): Promise<PdfBook> {
  const task = pdfjs.getDocument({
    range: fileRanges(pdfjs, handle, file.fileBytes, () => void task.destroy()),
    rangeChunkSize: RANGE_BYTES,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
    ...pdfjsAssets(),
    ...(password === undefined ? {} : { password }),
  });
  try {
    const pdf = await task.promise;
    return new PdfBook(await describe(pdf, file), pdf, task, () => handle.close());
  } catch (thrown) {
    await task.destroy();
    throw thrown;
  }
}

async function describe(pdf: PDFDocumentProxy, file: BookFile): Promise<BookInfo> {
  if (pdf.numPages > MAX_PAGES) {
    throw new DocumentError(
      'document/tooLarge',
      `This PDF states ${pdf.numPages} pages; up to ${MAX_PAGES} can be read.`,
      {
        advice: 'Split the file and open the parts.',
      },
    );
  }
  // A file cut off in the middle may still have its list of pages: it must have the first one too.
  await pdf.getPage(1);
  const [labels, outline, { info }, preferences] = await Promise.all([
    pdf.getPageLabels().catch(() => null),
    pdfOutline(pdf),
    pdf.getMetadata(),
    pdf.getViewerPreferences().catch(() => null),
  ]);
  const leaves: Leaf[] = Array.from({ length: pdf.numPages }, (_, page) => ({
    index: leafIndex(page),
    label: labels?.[page]?.trim() || String(page + 1),
  }));
  const stated = info as Readonly<Record<string, unknown>>;
  return {
    id: file.id,
    format: 'pdf',
    title: words(stated.Title) ?? file.name,
    author: words(stated.Author),
    language: words(stated.Language),
    direction: directionOf(preferences),
    fileBytes: file.fileBytes,
    leaves,
    outline,
    sections: buildSections(leaves, outline, PAGES_PER_SECTION),
  };
}

function words(value: unknown): string | null {
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
  return text === '' || text.toLowerCase() === 'untitled' ? null : text;
}

function directionOf(preferences: unknown): 'ltr' | 'rtl' {
  if (typeof preferences !== 'object' || preferences === null) return 'ltr';
  return (preferences as { Direction?: unknown }).Direction === 'R2L' ? 'rtl' : 'ltr';
}
