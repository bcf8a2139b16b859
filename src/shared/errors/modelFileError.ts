import { type CodesOf, ReaderError } from './readerError.ts';

/** A model file that is missing, damaged or of a kind the engine does not run. */
export class ModelFileError extends ReaderError<CodesOf<'model'>> {
  override readonly name = 'ModelFileError';
}
