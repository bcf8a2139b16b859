import { bookFile } from './bookFile.ts';
import { detectFormat } from './detectFormat.ts';
import { openEpub } from './epub/openEpub.ts';
import type { OpenBook } from './openBook.ts';
import { openPdf } from './pdf/openPdf.ts';
import { decodeText } from './text/decodeText.ts';
import { MarkdownBook } from './text/markdownBook.ts';
import { PlainTextBook } from './text/plainTextBook.ts';

export interface OpenDocumentOptions {
  /** For encrypted PDFs. */
  readonly password?: string | undefined;
}

/**
 * Opens a file as a book, by what it holds and not by its name. No text is extracted yet.
 * Close the book when done: a PDF holds its file open.
 * @throws {DocumentError} `document/*`, each with what was found and what to do
 */
export async function openDocument(path: string, { password }: OpenDocumentOptions = {}): Promise<OpenBook> {
  const file = await bookFile(path);
  const format = detectFormat(file);
  switch (format) {
    case 'pdf':
      return openPdf(file, password);
    case 'zip':
      return openEpub(file);
    case 'text':
      return new PlainTextBook(file, await decodeText(file));
    case 'markdown':
      return new MarkdownBook(file, await decodeText(file));
    default:
      return format satisfies never;
  }
}
