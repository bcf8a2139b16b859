import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** No window host, or one that does not work. */
export class HostError extends ReaderError {
  override readonly name = 'HostError';

  constructor(code: Extract<ErrorCode, `host/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
