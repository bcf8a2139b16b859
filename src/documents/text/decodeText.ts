import { readFile } from 'node:fs/promises';
import { DocumentError } from '#shared/errors/index.ts';
import type { BookFile } from '../bookFile.ts';
import { detectEncoding } from './detectEncoding.ts';

/** Larger texts than this are logs or data, and would fill the memory. */
const MAX_TEXT_BYTES = 128 * 1024 * 1024;

/**
 * Reads a text file whole, with its line ends made `\n`.
 * @throws {DocumentError} `document/tooLarge`, `document/unknownFormat`, `document/noText`
 */
export async function decodeText(file: BookFile): Promise<string> {
  if (file.fileBytes > MAX_TEXT_BYTES) {
    const megabytes = Math.round(file.fileBytes / 1e6);
    throw new DocumentError(
      'document/tooLarge',
      `This text has ${megabytes} MB; up to ${MAX_TEXT_BYTES >> 20} MiB can be read.`,
      {
        advice: 'Split the file and open the parts.',
      },
    );
  }
  const bytes = await readFile(file.path);
  const encoding = detectEncoding(bytes);
  if (!encoding) {
    throw new DocumentError('document/unknownFormat', 'This file begins like text, but it is none.', {
      advice: 'Open a PDF, an EPUB, a Markdown or a plain text file.',
    });
  }
  const text = new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n');
  if (text.trim() === '') {
    throw new DocumentError('document/noText', 'This file holds white space only.', { advice: 'Choose another file.' });
  }
  return text;
}
