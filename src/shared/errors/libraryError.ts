import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A failure of the library on disk. */
export class LibraryError extends ReaderError {
  override readonly name = 'LibraryError';

  constructor(code: Extract<ErrorCode, `library/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
