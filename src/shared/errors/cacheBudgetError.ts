import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A cache that would not fit the memory or the model's context, or a plan that does not fit the model. */
export class CacheBudgetError extends ReaderError {
  override readonly name = 'CacheBudgetError';

  constructor(code: Extract<ErrorCode, `cache/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
