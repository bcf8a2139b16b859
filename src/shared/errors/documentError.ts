import { type CodesOf, ReaderError } from './readerError.ts';

/** A file that cannot be read as a book. */
export class DocumentError extends ReaderError<CodesOf<'document'>> {
  override readonly name = 'DocumentError';
}
