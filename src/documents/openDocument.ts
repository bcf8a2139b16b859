import { DocumentError } from '#shared/errors/index.ts';
import { type BookFile, bookFile } from './bookFile.ts';
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
      return openMarkdown(file, await decodeText(file));
    default:
      return format satisfies never;
  }
}

/** Markdown that cannot be laid out (nested beyond measure) is still text. */
function openMarkdown(file: BookFile, text: string): OpenBook {
  try {
    const book = new MarkdownBook(file, text);
    if (book.info.leaves.length > 0) return book;
  } catch (thrown) {
    const isTooDeep = thrown instanceof DocumentError || thrown instanceof RangeError;
    if (!isTooDeep) throw thrown;
  }
  return new PlainTextBook(file, text);
}
