import { fromWire, ReaderError, toWire, type WireError } from '#shared/errors/index.ts';

export type { ReaderError };

/** Whatever was thrown or sent, as an error that has a sentence and an advice to show. */
export function toReaderError(thrown: unknown): ReaderError {
  if (isReaderError(thrown)) return thrown;
  return fromWire(isWireError(thrown) ? thrown : toWire(thrown));
}

const isReaderError = (value: unknown): value is ReaderError => value instanceof ReaderError;

const isWireError = (value: unknown): value is WireError =>
  typeof value === 'object' && value !== null && !(value instanceof Error) && 'code' in value && 'advice' in value;
