import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A request that cannot be carried out as it was put. */
export class InputError extends ReaderError {
  override readonly name = 'InputError';

  constructor(code: Extract<ErrorCode, `input/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
