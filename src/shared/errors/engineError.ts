import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A failure of the decoder or of the process it runs in. */
export class EngineError extends ReaderError {
  override readonly name = 'EngineError';

  constructor(code: Extract<ErrorCode, `engine/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
