import { type CodesOf, ReaderError } from './readerError.ts';

/** A request that cannot be carried out as it was put. */
export class InputError extends ReaderError<CodesOf<'input'>> {
  override readonly name = 'InputError';
}
