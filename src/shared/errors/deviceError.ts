import { type CodesOf, ReaderError } from './readerError.ts';

/** A compute device that is missing or failed. */
export class DeviceError extends ReaderError<CodesOf<'device'>> {
  override readonly name = 'DeviceError';
}
