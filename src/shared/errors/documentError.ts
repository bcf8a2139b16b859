import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A file that cannot be read as a book. */
export class DocumentError extends ReaderError {
  override readonly name = 'DocumentError';

  constructor(code: Extract<ErrorCode, `document/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
