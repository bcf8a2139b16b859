import type { Library } from '#library/index.ts';
import type { DocumentCalls, EngineCalls } from '#shared/contract/index.ts';
import type { Caller } from '#shared/rpc/index.ts';

/** The engine, wherever it runs: a client of its process, or anything with the same `call`. */
export type EngineClient = Caller<EngineCalls>;
/** The document service, wherever it runs. */
export type DocumentClient = Caller<DocumentCalls>;

export interface ShelfServices {
  readonly documents: DocumentClient;
  readonly library: Library;
}
