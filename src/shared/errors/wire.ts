import { CacheBudgetError } from './cacheBudgetError.ts';
import { CallError } from './callError.ts';
import { DeviceError } from './deviceError.ts';
import { DocumentError } from './documentError.ts';
import { EngineError } from './engineError.ts';
import { HostError } from './hostError.ts';
import { InputError } from './inputError.ts';
import { LibraryError } from './libraryError.ts';
import { ModelFileError } from './modelFileError.ts';
import { type ErrorCode, ReaderError, type ReaderErrorOptions } from './readerError.ts';

/** An error as it crosses processes: plain JSON, no stack, no class. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
  readonly retryable: boolean;
}

type ReaderErrorClass = new (code: never, message: string, options: ReaderErrorOptions) => ReaderError;

/** The class of each family of codes, so that `instanceof` works on the far side too. */
const classOfFamily: Readonly<Record<string, ReaderErrorClass>> = {
  document: DocumentError,
  model: ModelFileError,
  cache: CacheBudgetError,
  engine: EngineError,
  device: DeviceError,
  input: InputError,
  library: LibraryError,
  call: CallError,
  host: HostError,
};

/**
 * Makes any thrown value fit to cross a process boundary. What was not thrown on purpose
 * becomes code `internal`: its message is kept, so that a report can name it.
 */
export function toWire(thrown: unknown): WireError {
  if (thrown instanceof ReaderError) {
    const { code, message, advice, retryable } = thrown as ReaderError;
    return { code, message, advice, retryable };
  }
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { code: 'call/cancelled', message: 'Stopped.', advice: 'Start again when you like.', retryable: true };
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    advice: 'This is a fault in Proxima. Please report it with what you did just before.',
    retryable: false,
  };
}

/** Rebuilds the error that `toWire` took apart, with its class. */
export function fromWire(wire: WireError): ReaderError {
  const family = wire.code.split('/', 1)[0] ?? '';
  const ErrorClass: ReaderErrorClass = classOfFamily[family] ?? ReaderError;
  return new ErrorClass(wire.code as never, wire.message, {
    advice: wire.advice,
    retryable: wire.retryable,
  });
}
