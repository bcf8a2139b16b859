import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A call between processes that was cancelled, unknown, or lost its other end. */
export class CallError extends ReaderError {
  override readonly name = 'CallError';

  constructor(code: Extract<ErrorCode, `call/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
