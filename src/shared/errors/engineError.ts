import { type CodesOf, ReaderError } from './readerError.ts';

/** A failure of the decoder or of the process it runs in. */
export class EngineError extends ReaderError<CodesOf<'engine'>> {
  override readonly name = 'EngineError';
}
