import { type CodesOf, ReaderError } from './readerError.ts';

/** A call between processes that was cancelled, unknown, or lost its other end. */
export class CallError extends ReaderError<CodesOf<'call'>> {
  override readonly name = 'CallError';
}
