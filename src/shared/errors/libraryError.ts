import { type CodesOf, ReaderError } from './readerError.ts';

/** A failure of the library on disk. */
export class LibraryError extends ReaderError<CodesOf<'library'>> {
  override readonly name = 'LibraryError';
}
