import { DocumentError } from '#shared/errors/index.ts';
import type { BookFile } from '../bookFile.ts';
import type { OpenBook } from '../openBook.ts';

/**
 * Zip archives are recognised, but this version reads no EPUB yet: it says so, rather than show half a book.
 * @throws {DocumentError} `document/unknownFormat`
 */
export function openEpub(file: BookFile): Promise<OpenBook> {
  return Promise.reject(
    new DocumentError(
      'document/unknownFormat',
      `"${file.name}" is a zip archive, as EPUB books are; this version reads PDF, plain text and Markdown.`,
      { advice: 'Open the book as a PDF or as text.' },
    ),
  );
}
