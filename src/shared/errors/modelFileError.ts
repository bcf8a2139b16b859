import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A model file that is missing, damaged or of a kind the engine does not run. */
export class ModelFileError extends ReaderError {
  override readonly name = 'ModelFileError';

  constructor(code: Extract<ErrorCode, `model/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
