import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** A compute device that is missing or failed. */
export class DeviceError extends ReaderError {
  override readonly name = 'DeviceError';

  constructor(code: Extract<ErrorCode, `device/${string}`>, message: string, options: ReaderErrorOptions) {
    super(code, message, options);
  }
}
