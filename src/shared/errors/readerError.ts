/**
 * What went wrong, in words that code may compare. A message is for people and may change;
 * a code may not.
 */
export type ErrorCode =
  // files people open
  | 'document/notFound'
  | 'document/empty'
  | 'document/unknownFormat'
  | 'document/damaged'
  | 'document/encrypted'
  | 'document/protected'
  | 'document/tooLarge'
  | 'document/noText'
  // models
  | 'model/notFound'
  | 'model/unknownName'
  | 'model/notGguf'
  | 'model/truncated'
  | 'model/damaged'
  | 'model/unsupported'
  | 'model/checksum'
  | 'model/allSourcesFailed'
  // the decoder and its cache
  | 'cache/budget'
  | 'cache/context'
  | 'cache/plan'
  | 'cache/adapter'
  | 'engine/crashed'
  | 'engine/notLoaded'
  | 'engine/internal'
  | 'device/unavailable'
  // what a person or a program asked for
  | 'input/empty'
  | 'input/invalid'
  | 'input/unknownBook'
  | 'input/unknownAnswer'
  // the library on disk
  | 'library/damaged'
  | 'library/newer'
  | 'library/busy'
  // processes and calls
  | 'call/cancelled'
  | 'call/unknown'
  | 'call/disconnected'
  | 'host/unavailable'
  | 'internal';

/** The codes of one family: `CodesOf<'document'>` are those that begin with `document/`. */
export type CodesOf<Family extends string> = Extract<ErrorCode, `${Family}/${string}`>;

export interface ReaderErrorOptions {
  /** What a person can do now, as one sentence. */
  readonly advice: string;
  /** Whether the same call may succeed later without any change. @default false */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * The root of every error Proxima throws on purpose. The message names what was found and
 * what was needed; `advice` tells the next step. Crosses processes by `toWire` and `fromWire`.
 */
export class ReaderError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = 'ReaderError';
  readonly code: Code;
  readonly advice: string;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: ReaderErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice;
    this.retryable = options.retryable ?? false;
  }
}
