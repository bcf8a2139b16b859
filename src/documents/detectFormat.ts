import { DocumentError } from '#shared/errors/index.ts';
import { type BookFile } from './bookFile.ts';
import { detectEncoding } from './text/detectEncoding.ts';

/** What a file is by its first bytes. A zip may be an EPUB: only its contents tell. */
export type DetectedFormat = 'pdf' | 'zip' | 'text' | 'markdown';

/** Where the header of a PDF may stand: readers have always allowed junk before it. */
const PDF_HEADER_WITHIN = 1024;

/** Other files people try, by their first bytes in hex. */
const others: readonly (readonly [start: string, name: string])[] = [
  ['d0cf11e0a1b11ae1', 'a document of an older Microsoft Office'],
  ['7b5c727466', 'a rich text (RTF) file'],
  ['1f8b', 'a gzip archive'],
  ['52617221', 'a RAR archive'],
  ['377abcaf', 'a 7z archive'],
  ['89504e47', 'a PNG picture'],
  ['ffd8ff', 'a JPEG picture'],
  ['47494638', 'a GIF picture'],
  ['41542654464f524d', 'a DjVu document'],
  ['47475546', 'a GGUF model file'],
  ['7f454c46', 'a program'],
  ['4d5a', 'a program'],
  ['504b0506', 'an empty zip archive'],
];

/**
 * Tells by content what a file is; its name only parts Markdown from plain text.
 * @throws {DocumentError} `document/unknownFormat` naming what the file is, where that is known
 */
export function detectFormat(file: BookFile): DetectedFormat {
  const latin = Buffer.from(file.head).toString('latin1');
  if (latin.slice(0, PDF_HEADER_WITHIN).includes('%PDF-')) return 'pdf';
  if (latin.startsWith('PK\x03\x04')) return 'zip';
  const hex = Buffer.from(file.head.subarray(0, 16)).toString('hex');
  const other = others.find(([start]) => hex.startsWith(start));
  if (other) throw unknownFormat(`This is ${other[1]}, which Proxima does not read.`);
  if (latin.slice(60, 68) === 'BOOKMOBI')
    throw unknownFormat('This is a Kindle (MOBI) book, which Proxima does not read.');
  if (detectEncoding(file.head) === null) throw unknownFormat('This file is neither a PDF, nor an EPUB, nor text.');
  return /\.(md|markdown|mdown|mkd)$/i.test(file.path) ? 'markdown' : 'text';
}

function unknownFormat(message: string): DocumentError {
  return new DocumentError('document/unknownFormat', message, {
    advice: 'Open a PDF, an EPUB, a Markdown or a plain text file, or convert this one first.',
  });
}
