/** The public door of the error tree: one class a family, and their form between processes. */
export { CacheBudgetError } from './cacheBudgetError.ts';
export { CallError } from './callError.ts';
export { DeviceError } from './deviceError.ts';
export { DocumentError } from './documentError.ts';
export { EngineError } from './engineError.ts';
export { HostError } from './hostError.ts';
export { InputError } from './inputError.ts';
export { LibraryError } from './libraryError.ts';
export { ModelFileError } from './modelFileError.ts';
export { type ErrorCode, ReaderError } from './readerError.ts';
export { fromWire, toWire, type WireError } from './wire.ts';
