import { type CodesOf, ReaderError } from './readerError.ts';

/** No window host, or one that does not work. */
export class HostError extends ReaderError<CodesOf<'host'>> {
  override readonly name = 'HostError';
}
