import { type CodesOf, ReaderError } from './readerError.ts';

/** A cache that would not fit the memory or the model's context, or a plan or an adapter that does not fit the model. */
export class CacheBudgetError extends ReaderError<CodesOf<'cache'>> {
  override readonly name = 'CacheBudgetError';
}
